import { expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

/** Runs `tincan serve` that must not start: its exit code and its one sentence. */
async function refused(args: readonly string[], env: Record<string, string> = {}, prefix: readonly string[] = []) {
  const command = [...prefix, TINCAN, "serve", "--base-port", "0", ...args] as [string, ...string[]];
  const { code, stdout, stderr } = await run(command, { env });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^tincan: [^\n]*[^.\n]\n$/);
  return { code, said: stderr.slice("tincan: ".length, -1) };
}

test.each([
  [["--max-fram", "1k"], "unknown option '--max-fram' (did you mean --max-frame?)"],
  [["--max-frame", "12x"], '--max-frame "12x" is not a size; try 64KiB or 1MiB'],
  [["--max-frame"], "option '--max-frame <SIZE>' argument missing"],
  [["--doors", "ecko"], '--doors "ecko" is not a door; did you mean echo'],
  [["--log-format", "xml"], '--log-format "xml" is not one of text, json'],
  [["--base-port", "65535"], "--base-port 65535 leaves no port for the line door (65558); give at most 65512"],
  [["--doors", ""], "no door is left to open; every one is off or not named"],
  [["--quota", "1G"], "--quota is of no use without a folder to share; give one: tincan serve DIR"],
  [["--allow-upload"], "--allow-upload is of no use without a folder to share; give one: tincan serve DIR"],
  [["--doors", "line,ftp"], "the ftp door is of no use without a folder to share; give one: tincan serve DIR"],
  [["--doors", "line", "--qr"], "--qr is of no use without the http door; name it among --doors, too"],
  [["--doors", "line", "--site", "test"], "--site is of no use without the http door; name it among --doors, too"],
  [["--site", "/no/such/folder"], 'there is no folder "/no/such/folder"; give one that exists and can be read'],
  ...[
    ["/api"],
    ["/files/mine"],
    ["/ws"],
    // Only a site moves the page there.
    ["/tincan", "--site", "test"],
  ].map(([prefix = "", ...others]): [string[], string] => [
    ["--path-prefix", prefix, ...others],
    `--path-prefix "${prefix}" begins as addresses of tincan's own do; take another, such as /chat`,
  ]),
  [[""], '"" names no folder; . is this one'],
  [["--site", ""], '"" names no folder; . is this one'],
  [["--state-dir", ""], '--state-dir "" names no folder; . is this one'],
  [["/no/such/folder"], 'there is no folder "/no/such/folder"; give one that exists and can be read'],
])("wrong use %p is 64", async (args, said) => {
  expect(await refused(args)).toEqual({ code: 64, said });
});

test("a site among the files that everybody may add to is 77, and a warning where only accounts may", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("share/site"), { recursive: true });
  const flags = [folder.file("share"), "--site", folder.file("share/site")];
  const { code, said } = await refused([...flags, "--allow-upload"]);
  expect([code, said]).toEqual([77, expect.stringContaining("what they add would run as its pages")]);
  await using tincan = await startTincan([...flags, "--doors", "http"]);
  const event = await tincan.waitForEvent((logged) => logged.event === "site-in-share");
  expect(event).toMatchObject({ level: "warn", site: folder.file("share/site"), share: folder.file("share") });
});

test("a terminal is not driven by what was given wrong", async () => {
  const { said } = await refused(["--\x1b[2J"]);
  expect(said).toContain("\\x1b[2J");
});

test("a port that is taken is 69, names the door and the port, and leaves nothing of the other doors", async () => {
  await using taken = await listenAnywhere();
  using folder = new TempFolder();
  const socket = folder.file("line.sock");
  const { code, said } = await refused(["--line-port", `unix:${socket}`, "--echo-port", String(taken.port)]);
  expect(code).toBe(69);
  expect(said).toContain(`the echo door: 127.0.0.1 port ${taken.port} is taken`);
  expect(said).toContain("try --echo-port 0");
  expect(existsSync(socket)).toBe(false);
});

test("an address that is not this machine's is 69", async () => {
  const { code, said } = await refused(["--host", "198.51.100.7", "--doors", "echo"]);
  expect({ code, said }).toEqual({ code: 69, said: expect.stringContaining("198.51.100.7") });
});

test("a state folder that cannot be made is 73", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("file"), "");
  const { code, said } = await refused(["--state-dir", folder.file("file")]);
  expect(code).toBe(73);
  expect(said).toStartWith(`the state folder "${folder.file("file")}" cannot be written to`);
});

test("a state folder that was asked for, or is needed, is there before anything is opened: 73", async () => {
  const said = 'cannot make the folder "/proc/tincan"; give another --state-dir';
  expect(await refused(["--state-dir", "/proc/tincan"])).toEqual({ code: 73, said });
  expect(await refused(["--history", "7d"], { XDG_STATE_HOME: "/proc" })).toEqual({ code: 73, said });
});

test("the whole machine is not shared by accident: 77", async () => {
  expect((await refused(["/"])).code).toBe(77);
});

test("a socket where one may not write is 77", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("locked"));
  chmodSync(folder.path, 0o755);
  chmodSync(folder.file("locked"), 0o555);
  // Nothing is forbidden to root.
  const nobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
  const { code } = await refused(
    ["--doors", "echo", "--echo-port", `unix:${folder.file("locked/echo.sock")}`],
    {},
    nobody,
  );
  expect(code).toBe(77);
});

test("settings that contradict each other, wrong variables and wrong files are 78", async () => {
  using folder = new TempFolder();
  const file = folder.file("tincan.toml");
  writeFileSync(file, 'host = ["127.0.0.1"]\nmax-frme = "1k"\n');
  expect(await refused(["--max-frame", "4MiB"])).toEqual({
    code: 78,
    said: "--max-outbox 4MiB is too small for --max-frame 4MiB; give it at least 8704KiB",
  });
  expect(await refused([], { TINCAN_ECHO_PORT: "x" })).toEqual({
    code: 78,
    said: 'TINCAN_ECHO_PORT "x" is not a port; give 0 to 65535, off or unix:PATH',
  });
  expect(await refused(["--config", file])).toEqual({
    code: 78,
    said: `"max-frme" in ${file}, line 2 is not a setting; did you mean max-frame`,
  });
});

test("the environment and the file reach the doors", async () => {
  using folder = new TempFolder();
  writeFileSync(folder.file("tincan.toml"), 'doors = ["echo"]\necho-port = "off"\n');
  const env = { TINCAN_CONFIG: folder.file("tincan.toml"), TINCAN_ECHO_PORT: "0" };
  await using tincan = await startTincan([], { env });
  expect(Object.keys(tincan.ready.doors)).toEqual(["echo"]);
});

/** Another program's port. */
async function listenAnywhere(): Promise<AsyncDisposable & { port: number }> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
