import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { Page } from "./docs/markdown.ts";
import { client } from "./support/clients.ts";
import { lineClient } from "./support/line-user.ts";
import { Program, run } from "./support/program.ts";
import { TempFolder } from "./support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "./support/tincan.ts";

const readme = Page.read("README.md");
const clients = readme.section("Ten-line clients");
const own = readme.section("A protocol of your own");

const nc = client("nc");
const telnet = client("telnet");
const python = client("python3");
const bash = client("bash");
const curl = client("curl");

/** What the README says of the default ports, said of this daemon's. */
function withPorts(text: string, tincan: Tincan): string {
  const doors = { 8400: "framed", 8407: "echo", 8423: "line" };
  return text.replace(/\b(8400|8407|8423)\b/g, (port) =>
    String(tincan.port(doors[port as unknown as keyof typeof doors])),
  );
}

/** Someone in a terminal. What they see there, prompt and all, is in `screen`. */
class Window implements AsyncDisposable {
  private readonly program: Program;
  screen = "";

  constructor(command: readonly string[], shown: string) {
    this.screen = `$ ${shown}\n`;
    this.program = new Program(command, { terminal: true });
  }

  async types(line: string): Promise<void> {
    await this.program.write(`${line}\n`);
    await this.sees(line);
  }

  /** Reads on to the end of the line that has this. */
  async sees(text: string): Promise<void> {
    const seen = await this.program.stdout.readUntil(new RegExp(`${RegExp.escape(text)}[^\n]*\n`));
    this.screen += seen.replaceAll("\r", "");
  }

  async closes(): Promise<void> {
    await this.program.exited();
    this.screen += this.program.stdout.unread.toString().replaceAll("\r", "");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.program[Symbol.asyncDispose]();
  }
}

/** Ann, who is in the room by the line door. */
function annIn(tincan: Tincan) {
  return lineClient({ port: tincan.port("line") }, "ann");
}

describe("the first screen is what one really sees", () => {
  test("the announcement", async () => {
    using folder = new TempFolder();
    mkdirSync(folder.file("share"));
    await using program = new Program(
      [TINCAN, "serve", "share", "--base-port", "0", "--log-format", "text", "--state-dir", folder.file("state")],
      { env: { PATH: "/nowhere" }, cwd: folder.path },
    );
    const said = await program.stdout.readUntil("Ctrl-C\n");
    const usual = Object.entries({ line: 8423, http: 8480, echo: 8407, framed: 8400, ftp: 8421 })
      .reduce((text, [door, port]) => {
        const name = door === "http" ? "http:" : `${door} `;
        const [, real = "none"] = new RegExp(`^ +${name}.*127\\.0\\.0\\.1[ :](\\d+)`, "m").exec(text) ?? [];
        return text.replaceAll(real, String(port));
      }, said)
      .replaceAll(TINCAN, "/home/ann/tincan/dist/tincan")
      .replaceAll("127.0.0.1:8400/", "127.0.0.1/");
    expect(readme.blocks("")).toContain(usual);
  });

  telnet.test("the talk of netcat, telnet and Python", async () => {
    await using tincan = await startTincan();
    const port = String(tincan.port("line"));
    const [, script = ""] = clients.blocks("python");
    await using ann = new Window([nc.path, "127.0.0.1", port], "nc 127.0.0.1 8423");
    await ann.sees("nobody else");
    await ann.types("/nick ann");
    await ann.sees("-- you are now called ann");
    await using bob = new Window([telnet.path, "127.0.0.1", port], "telnet 127.0.0.1 8423");
    await bob.sees("here: ann");
    await ann.sees("-- guest2 joined");
    await bob.types("/nick bob");
    await bob.sees("-- you are now called bob");
    await ann.sees("-- guest2 is now called bob");
    await ann.types("hello bob");
    await bob.sees("ann: hello bob");
    await bob.types("hi ann, I came by telnet");
    await ann.sees("bob: hi ann, I came by telnet");
    await using py = new Program([python.path, "-u", "-c", withPorts(script, tincan)]);
    await ann.sees("-- py joined");
    await bob.sees("-- py joined");
    await py.write("and I am a Python script\n");
    await ann.sees("py: and I am a Python script");
    await bob.sees("py: and I am a Python script");
    await ann.types("/me waves");
    await bob.sees("* ann waves");
    await ann.types("/quit");
    await ann.closes();
    await bob.sees("-- ann left");
    await bob.types("/jion #dev");
    await bob.sees("did you mean /join?");
    await bob.types("/quit");
    await bob.closes();
    const transcripts = readme.blocks("");
    expect(transcripts).toContain(ann.screen);
    expect(transcripts).toContain(bob.screen);
    nc.exchanged(3);
    telnet.exchanged(3);
    python.exchanged(1);
  });

  curl.test("what curl is told", async () => {
    await using tincan = await startTincan();
    const { stdout } = await run([curl.path, "-s", `http://127.0.0.1:${tincan.port("framed")}/`]);
    const usual = stdout.replaceAll(String(tincan.port("http")), "8480");
    expect(readme.section("The doors").blocks("")).toEqual([`$ curl http://127.0.0.1:8400/\n${usual}`]);
    curl.exchanged();
  });
});

bash.test("the file commands do what the README says", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  for (const name of ["big.iso", "photos/a.jpg", "photos/b.jpg"]) await Bun.write(share.file(name), name);
  await Bun.write(here.file("x.txt"), "a note");
  await using tincan = await startTincan([share.path, "--allow-upload"]);
  const [script = ""] = readme.section("Files").blocks("bash");
  const address = `127.0.0.1:${tincan.port("framed")}`;
  const own = `set -e -o pipefail; tincan() { "${TINCAN}" "$@"; }\n${script.replaceAll("127.0.0.1", address)}`;
  const { code, stdout } = await run([bash.path, "-c", own], { cwd: here.path });
  expect(code).toBe(0);
  expect(stdout).toContain("photos\n");
  expect(stdout.trimEnd().split("\n").slice(-3).sort()).toEqual(["pictures/", "pictures/a.jpg", "pictures/b.jpg"]);
  expect(readFileSync(here.file("photos/b.jpg"), "utf8")).toBe("photos/b.jpg");
  expect(readFileSync(share.file("notes/x.txt"), "utf8")).toBe("a note");
  bash.exchanged(1);
});

describe("the ten-line clients work as they are", () => {
  python.test("frames in Python", async () => {
    await using tincan = await startTincan();
    const [script = ""] = clients.blocks("python");
    const outcome = await run([python.path, "-c", withPorts(script, tincan)]);
    expect(outcome).toEqual({ code: 0, stdout: "HELLO\nHOW ARE YOU?\n", stderr: "" });
    python.exchanged(2);
  });

  python.test("the line door's client in Python leaves at the end of its input, without a trace", async () => {
    await using tincan = await startTincan();
    const [script = ""] = Page.read("protocols/line/README.md").section("A client in Python").blocks("python");
    using ann = await annIn(tincan);
    await using py = new Program([python.path, "-u", "-c", withPorts(script, tincan)]);
    await ann.user.hears(/^-- guest\d+ joined/);
    await py.write("hi ann\n");
    expect(await ann.user.hears("hi ann")).toMatch(/^guest\d+: hi ann$/);
    expect(await py.outcome()).toMatchObject({ code: 0, stderr: "" });
    python.exchanged();
  });

  python.test("chat in Python: says its lines, prints what others say, leaves at the end of its input", async () => {
    await using tincan = await startTincan();
    const [, script = "", ...more] = clients.blocks("python");
    expect(more).toEqual([]);
    using ann = await annIn(tincan);
    await using py = new Program([python.path, "-u", "-c", withPorts(script, tincan)]);
    await ann.user.hears("-- py joined");
    await ann.user.say("hi py");
    expect(await py.stdout.readLine()).toBe("ann: 'hi py'");
    await py.write("hi ann\nand good-bye\n");
    expect(await py.outcome()).toEqual({ code: 0, stdout: "", stderr: "" });
    await ann.user.hears("py: hi ann");
    await ann.user.hears("py: and good-bye");
    python.exchanged(3);
  });

  test("a bot in Node", async () => {
    await using tincan = await startTincan();
    const [script = "", ...more] = clients.blocks("js");
    expect(more).toEqual([]);
    using ann = await annIn(tincan);
    await using bot = new Program(["node", "--input-type=module", "-e", withPorts(script, tincan)]);
    await ann.user.hears("-- shout joined");
    await ann.user.say("/msg shout hello");
    await ann.user.hears("[shout] HELLO");
    expect(bot.running).toBe(true);
  });

  bash.test("lines for a shell", async () => {
    await using tincan = await startTincan();
    const [script = "", ...more] = clients.blocks("bash");
    expect(more).toEqual([]);
    // The one word that not every netcat knows is the one that the script needs: the right netcat is called by name.
    const lines = withPorts(script, tincan).replaceAll("| nc ", `| ${nc.path} `);
    using ann = await annIn(tincan);
    const { code, stdout, stderr } = await run([bash.path, "-e", "-c", lines], { ms: 20_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const printed = stdout.split(/\r?\n/).filter((line) => !line.startsWith("-- "));
    const frame = "0000000  \\0  \\0  \\0 005   H   E   L   L   O";
    expect(printed).toEqual(["HELLO", "HELLO", frame, "0000011", "HELLO", ""]);
    await ann.user.hears("backup: the backup is done");
    bash.exchanged();
    nc.exchanged(4);
  });
});

describe("a protocol of one's own", () => {
  nc.test("is served and answers as the README shows", async () => {
    using folder = new TempFolder();
    const [code = ""] = own.blocks("ts");
    const [served = "", answered = ""] = own.blocks("");
    await Bun.write(folder.file("shout.ts"), code);
    const command = [TINCAN, "run", "shout.ts", "--port", "0", "--log-format", "text"];
    await using program = new Program(command, { cwd: folder.path });
    const said = await program.stdout.readUntil("Ctrl-C\n");
    const [, port = ""] = /nc 127\.0\.0\.1 (\d+)/.exec(said) ?? [];
    expect(`$ tincan run shout.ts --port 9000\n${said.replace(port, "9000")}`).toBe(served);
    const { stdout } = await run([nc.path, "-N", "127.0.0.1", port], { input: "hello\nworld\n" });
    expect(`$ printf 'hello\\nworld\\n' | nc -N 127.0.0.1 9000\n${stdout}`).toBe(answered);
    nc.exchanged();
  });
});
