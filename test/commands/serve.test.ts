import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { hasIpv6Loopback } from "../../src/net/host.ts";
import { client } from "../support/clients.ts";
import { Program, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const FREE = ["serve", "--base-port", "0"] as const;

test("people are told each door with a command to paste, and how to stop", async () => {
  await using program = new Program([TINCAN, ...FREE], { terminal: true });
  const said = await program.stdout.readUntil("Ctrl-C");
  const lines = said.replaceAll("\r", "").split("\n");
  expect(lines[0]).toMatch(/^tincan \d+\.\d+\.\d+ is open on this machine/);
  const echo = lines.find((line) => line.trimStart().startsWith("echo "));
  expect(echo).toMatch(/nc 127\.0\.0\.1 \d+$/);
  for (const line of lines) expect(line.replace(TINCAN, "tincan").length).toBeLessThanOrEqual(80);
  expect(said).not.toContain("\x1b");
  expect(lines.find((line) => line.startsWith("  framed "))).toMatch(/printf '.*' \| nc -N 127\.0\.0\.1 \d+$/);
  program.kill("SIGINT");
  expect(await program.exited()).toBe(0);
});

const bash = client("bash");
const nc = client("nc");

bash.test("what is announced for frames can be pasted, whatever their header", async () => {
  for (const options of [[], ["--frame-header", "<H"], ["--frame-ack"]]) {
    await using program = new Program([TINCAN, ...FREE, "--doors", "framed", ...options]);
    const [, command = ""] = /frames for programs +(.*)\n/.exec(await program.stdout.readUntil("Ctrl-C")) ?? [];
    const pasted = command.replace("nc -N", `"${nc.path}" -N`);
    expect((await run([bash.path, "-c", pasted])).stdout).toEndWith("HELLO");
    bash.exchanged(1);
    nc.exchanged(1);
  }
});

test("doors that would only say no are not told", async () => {
  const { stdout } = await stopped([...FREE, "--deny-chat", "--deny-echo"]);
  expect(stdout).toContain("framed ");
  expect(stdout).not.toContain("chat for nc");
  expect(stdout).not.toContain("echo ");
});

test("programs are told in exactly one line of JSON", async () => {
  const { code, stdout } = await stopped([...FREE, "--log-format", "json"]);
  expect(code).toBe(0);
  expect(stdout).toEndWith("}\n");
  const ready = JSON.parse(stdout);
  expect(Object.keys(ready)).toEqual(["event", "version", "pid", "doors"]);
  expect(ready.doors.echo).toEqual({
    port: expect.any(Number),
    listeners: expect.arrayContaining([
      { transport: "tcp", host: "127.0.0.1", port: ready.doors.echo.port },
      { transport: "udp", host: "127.0.0.1", port: ready.doors.echo.port },
    ]),
  });
});

test("a door that is off is absent", async () => {
  await using tincan = await startTincan(["--line-port", "off", "--doors", "echo,line"]);
  expect(Object.keys(tincan.ready.doors)).toEqual(["echo"]);
});

test("events are JSON when stderr is no terminal, and text when asked for", async () => {
  const json = await stopped([...FREE]);
  expect(JSON.parse(json.stderr.split("\n")[0] ?? "")).toMatchObject({ level: "info", event: "draining" });
  const text = await stopped([...FREE, "--log-format", "text"]);
  expect(text.stderr).toMatch(/^\S+Z info {2}draining signal=SIGTERM/);
  expect(text.stdout).toContain("Ctrl-C");
});

test("an address of all of this machine is announced by those that others can use", async () => {
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = others.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
  const { stdout } = await stopped([...FREE, "--doors", "echo", "--host", "0.0.0.0"]);
  expect(stdout).toContain(`nc ${address} `);
  expect(stdout).not.toContain("0.0.0.0");
});

test.skipIf(!hasIpv6Loopback())("all addresses of both families are asked for by one or by two hosts", async () => {
  await using tincan = await startTincan(["--doors", "echo", "--host", "0.0.0.0", "--host", "::", "--host", "::"]);
  for (const host of ["127.0.0.1", "::1"]) {
    using client = await connect({ host, port: tincan.port("echo") });
    await client.write("hi\n");
    expect(await client.readLine()).toBe("HI");
  }
});

test("a Unix socket is removed when the daemon stops", async () => {
  using folder = new TempFolder();
  const path = folder.file("echo.sock");
  await using tincan = await startTincan(["--echo-port", `unix:${path}`, "--doors", "echo"]);
  expect(tincan.ready.doors["echo"]?.listeners).toEqual([{ transport: "unix", host: path, port: 0 }]);
  {
    using client = await connect({ unix: path });
    await client.write("hi\n");
    expect(await client.readLine()).toBe("HI");
  }
  expect(await tincan.stop()).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test("a second signal does not wait for the peers", async () => {
  for (const [signal, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
    await using tincan = await startTincan(["--doors", "echo"]);
    using silent = await connect({ port: tincan.port("echo") });
    await silent.write("x");
    expect(await silent.readExactly(1)).toEqual(Buffer.from("X"));
    tincan.signal(signal);
    await tincan.waitForEvent(({ event }) => event === "draining");
    tincan.signal(signal);
    expect(await tincan.exited()).toBe(code);
  }
});

test("connections are limited to what the descriptor table holds", async () => {
  const command = ["sh", "-c", 'ulimit -n 1000; exec "$@"', "sh", TINCAN] as const;
  await using tincan = await startTincan(["--doors", "echo"], { command: [...command] });
  const event = await tincan.waitForEvent(({ event }) => event === "max-connections-lowered");
  expect(event).toMatchObject({ level: "warn", from: 10_000, to: 744, nofile: 1000 });
});

test("settings of files that no folder is shared for are told of when they may be there for another daemon", async () => {
  await using tincan = await startTincan(["--doors", "echo"], { env: { TINCAN_QUOTA: "1G", TINCAN_DOTFILES: "yes" } });
  const event = await tincan.waitForEvent(({ event }) => event === "no-files-shared");
  expect(event).toMatchObject({ level: "warn", settings: "quota dotfiles" });
});

test("the smoke test talks to every listener of every door and drains", async () => {
  const { code, stdout, stderr } = await run([TINCAN, "serve", "--smoke"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const door of ["echo tcp", "echo udp"]) expect(stdout).toMatch(new RegExp(`${door} 127.0.0.1 \\d+: ok`));
  expect(stdout).toEndWith("smoke: drained, 0 killed\n");
});

/** Runs a daemon until it is ready, and stops it. */
async function stopped(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  await using program = new Program([TINCAN, ...args]);
  const first = await program.stdout.readUntil(/Ctrl-C\n|\}\n/);
  program.kill("SIGTERM");
  const { code, stdout, stderr } = await program.outcome();
  return { code, stdout: first + stdout, stderr };
}
