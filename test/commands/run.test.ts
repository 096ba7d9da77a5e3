import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Program, type ProgramOptions, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { UdpClient } from "../support/udp.ts";

const EXAMPLES = resolve(import.meta.dir, "../../examples");

/** `tincan run FILE` on a free port; at dispose it must drain and exit with 0. */
class Running implements AsyncDisposable {
  private constructor(
    readonly program: Program,
    readonly port: number,
    readonly transports: readonly string[],
  ) {}

  static async start(file: string, flags: readonly string[] = [], o: ProgramOptions = {}): Promise<Running> {
    const program = new Program([TINCAN, "run", file, "--port", "0", "--log-format", "json", ...flags], o);
    const ready = JSON.parse(await program.stdout.readLine());
    const { port, listeners } = ready.doors.run;
    return new Running(
      program,
      port,
      listeners.map((listener: { transport: string }) => listener.transport),
    );
  }

  /** The next logged event of this name. */
  async event(name: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.program.stderr.readLineWith(`"event":"${name}"`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.program.kill("SIGTERM");
    expect(await this.program.exited()).toBe(0);
    await this.program[Symbol.asyncDispose]();
  }
}

/** A folder with one file for `tincan run`. */
class Script implements Disposable {
  private readonly folder = new TempFolder();
  readonly path = this.folder.file("mine.ts");
  readonly cwd = this.folder.path;

  constructor(lines: string, helper = "") {
    writeFileSync(this.path, lines);
    writeFileSync(this.folder.file("helper.ts"), helper);
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

/** What `tincan run` says about a file that it does not serve. */
async function refusal(lines: string): Promise<{ readonly code: number; readonly sentence: string }> {
  using script = new Script(lines);
  const { code, stdout, stderr } = await run([TINCAN, "run", "mine.ts", "--port", "0"], { cwd: script.cwd });
  expect(stdout).toBe("");
  return { code, sentence: stderr };
}

test("the example shout answers every line", async () => {
  await using running = await Running.start(resolve(EXAMPLES, "shout.ts"));
  using client = await connect({ port: running.port });
  expect(await client.readLine()).toBe("Say something.");
  await client.write("hello\nand goodbye");
  client.halfClose();
  expect(String(await client.readAll())).toBe("HELLO!\nAND GOODBYE!\n");
});

test("the example counter speaks frames", async () => {
  await using running = await Running.start(resolve(EXAMPLES, "counter.ts"));
  using client = await connect({ port: running.port });
  await client.write("\0\0\0\x05hello\0\0\0\0");
  expect(String(await client.readExactly(28))).toBe("\0\0\0\x0a1: 5 bytes\0\0\0\x0a2: 0 bytes");
});

test("the example clock tells the time over UDP alone", async () => {
  await using running = await Running.start(resolve(EXAMPLES, "clock.ts"));
  expect(new Set(running.transports)).toEqual(new Set(["udp"]));
  using client = await UdpClient.open(running.port);
  client.send("\n");
  expect(String(await client.read())).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, 127\.0\.0\.1\n$/);
  client.send("Middle/Earth");
  const { detail, from } = await running.event("datagram-failed");
  expect(from).toBe(`127.0.0.1:${client.port}`);
  expect(detail).toMatch(/^RangeError: .*clock\.ts:6:\d+\)$/);
  client.send("Europe/Paris");
  expect(String(await client.read())).toContain("Europe/Paris, 127.0.0.1");
});

test("examples are shorter than ten lines", async () => {
  for (const name of ["shout", "counter", "clock"]) {
    expect((await Bun.file(resolve(EXAMPLES, `${name}.ts`)).text()).trimEnd().split("\n").length).toBeLessThan(10);
  }
});

test("one file serves TCP and UDP on one number, and imports its neighbours", async () => {
  using script = new Script(
    `import { greet } from "./helper.ts";
     export default async (peer) => { await peer.write(greet("tcp")); };
     export async function datagram(message) { return Buffer.from(greet(String(message))); }`,
    'export const greet = (name: string): string => "hello " + name;',
  );
  await using running = await Running.start(script.path);
  using tcp = await connect({ port: running.port });
  expect(String(await tcp.readAll())).toBe("hello tcp");
  using udp = await UdpClient.open(running.port);
  udp.send("udp");
  expect(String(await udp.read())).toBe("hello udp");
});

test("a handler that throws is told with its place, and the others go on", async () => {
  using script = new Script(
    `export default async (peer) => {
       for await (const line of peer.lines()) {
         if (line === "boom") throw new TypeError("no such thing");
         await peer.write("still here\\n");
       }
     };`,
  );
  await using running = await Running.start("mine.ts", [], { cwd: script.cwd });
  using bystander = await connect({ port: running.port });
  using client = await connect({ port: running.port });
  await client.write("boom\n");
  await client.readAll();
  client.halfClose();
  const { reason, detail } = await running.event("closed");
  expect(reason).toBe("error");
  expect(detail).toMatch(/^TypeError: no such thing \(mine\.ts:3:\d+\)$/);
  await bystander.write("?\n");
  expect(await bystander.readLine()).toBe("still here");
});

test("a datagram function that throws, or answers nonsense or nothing, costs that answer alone", async () => {
  using script = new Script(
    `export const datagram = async (message) => {
       if (String(message) === "throw") throw new Error("boom");
       if (String(message) === "nonsense") return 42;
       return String(message) === "nothing" ? undefined : "fine";
     };`,
  );
  await using running = await Running.start(script.path);
  using client = await UdpClient.open(running.port);
  client.send("throw");
  expect((await running.event("datagram-failed"))["detail"]).toMatch(/^Error: boom \(.*mine\.ts:2:\d+\)$/);
  client.burst(["nonsense", "nothing", "?"]);
  expect(String(await client.read())).toBe("fine");
});

test("what a datagram function must not return is told with the file's name, and no place within tincan", async () => {
  using script = new Script("export const datagram = () => 42;");
  await using running = await Running.start("mine.ts", [], { cwd: script.cwd });
  using client = await UdpClient.open(running.port);
  client.send("?");
  const { detail } = await running.event("datagram-failed");
  expect(detail).toBe("TypeError: datagram returned 42; the answer is text, bytes or nothing (mine.ts)");
});

test("what a file throws in a timer is told, and the service lives", async () => {
  using script = new Script(
    `export default async (peer) => {
       setTimeout(() => { throw new Error("late"); });
       for await (const line of peer.lines()) await peer.write(line + "\\n");
     };`,
  );
  await using running = await Running.start(script.path);
  using client = await connect({ port: running.port });
  await client.write("one\n");
  expect(await client.readLine()).toBe("one");
  expect((await running.event("unhandled-error"))["detail"]).toMatch(/^Error: late \(.*mine\.ts:2:\d+\)$/);
  await client.write("two\n");
  expect(await client.readLine()).toBe("two");
});

test("a drain ends the loops of all peers", async () => {
  using script = new Script(
    `export default async (peer) => {
       await peer.write("hello\\n");
       for await (const line of peer.lines());
       await peer.write("bye\\n");
     };`,
  );
  const running = await Running.start(script.path);
  using client = await connect({ port: running.port });
  await client.readLine();
  const stopped = running[Symbol.asyncDispose]();
  expect(String(await client.readAll())).toBe("bye\n");
  client.halfClose();
  await stopped;
});

test("limits are settings", async () => {
  await using running = await Running.start(resolve(EXAMPLES, "shout.ts"), [
    "--max-line",
    "10",
    "--max-connections",
    "1",
  ]);
  using client = await connect({ port: running.port });
  await client.readLine();
  using second = await connect({ port: running.port });
  expect(await second.readLine()).toBe("too many connections; try again later");
  await client.write("0123456789\n0123456789a\n");
  expect(String(await client.readAll())).toBe("0123456789!\na line is longer than 10 bytes\r\n");
});

test("for people it announces a command to paste", async () => {
  await using program = new Program([TINCAN, "run", resolve(EXAMPLES, "shout.ts"), "--port", "0"]);
  expect(await program.stdout.readUntil("Ctrl-C\n")).toMatch(
    /runs ".*shout\.ts"\. Paste .*\n\n {2}nc 127\.0\.0\.1 \d+\n\n/,
  );
  program.kill("SIGINT");
  expect(await program.exited()).toBe(0);
});

test("a file that is not there: 64", async () => {
  const { code, stderr } = await run([TINCAN, "run", "nowhere.ts"]);
  expect({ code, stderr }).toEqual({ code: 64, stderr: 'tincan: there is no file "nowhere.ts"\n' });
  const folder = { code: 64, stderr: 'tincan: "/tmp" is a folder; name the file in it\n' };
  expect(await run([TINCAN, "run", "/tmp"])).toMatchObject(folder);
});

test.each([
  ["a syntax error", "export default async (peer) => {\n  const x = ;\n};", /^tincan: mine\.ts:2:13: Unexpected ;\n$/],
  ["two errors", "let a = 1;\nlet a = 2;\nfoo(;\n", /^tincan: mine\.ts:2:5: "a" has already been declared\n$/],
  ["a missing import", 'import "./nowhere.ts";', /^tincan: mine\.ts: Cannot find module '\.\/nowhere\.ts'.*\n$/],
  [
    "a throw",
    '\nthrow new Error("no");',
    /^tincan: mine\.ts failed when it was loaded: Error: no \(mine\.ts:2:11\)\n$/,
  ],
  ["no function", "export default 42;", /^tincan: the default export of "mine\.ts" is not a function\n$/],
  ["no datagram function", "export const datagram = 42;", /^tincan: "datagram" of "mine\.ts" is not a function\n$/],
  ["nothing to serve", "export const x = 1;", /^tincan: "mine\.ts" has nothing to serve; give it .*\n$/],
])("%s: 78", async (_, lines, sentence) => {
  const refused = await refusal(lines);
  expect(refused.sentence).toMatch(sentence);
  expect(refused.code).toBe(78);
});

test("a port that is taken: 69", async () => {
  await using running = await Running.start(resolve(EXAMPLES, "shout.ts"));
  const { code, stderr } = await run([TINCAN, "run", resolve(EXAMPLES, "shout.ts"), "--port", String(running.port)]);
  expect(code).toBe(69);
  expect(stderr).toBe(`tincan: 127.0.0.1 port ${running.port} is taken already; try --port 0 for any free one\n`);
});

test("a wrong flag: 64", async () => {
  const { code, stderr } = await run([TINCAN, "run", resolve(EXAMPLES, "shout.ts"), "--port", "70000"]);
  expect({ code, stderr }).toEqual({
    code: 64,
    stderr: 'tincan: --port "70000" is not a whole number from 0 to 65535\n',
  });
});
