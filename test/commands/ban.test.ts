import { expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { UdpClient } from "../support/udp.ts";

/** Runs `tincan ban` or `unban` for a state folder: its exit code and what it says. */
async function operate(state: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await run([TINCAN, ...args, "--state-dir", state]);
  return { code, said: `${stdout}${stderr}`.replace(/^tincan: /, "").trimEnd() };
}

test("bans are kept, listed, replaced and lifted", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  expect(await operate(state, "ban", "10.1.2.3/8", "--for", "2h", "--reason", "scans")).toEqual({
    code: 0,
    said: expect.stringMatching(/^banned 10\.0\.0\.0\/8 for 2 h, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
  });
  expect((await operate(state, "ban", "::ffff:192.0.2.7")).said).toBe("banned 192.0.2.7 until it is lifted");
  expect((await operate(state, "ban", "--list")).said.split("\n")).toEqual([
    expect.stringMatching(/^BANNED {6}UNTIL {28,32}REASON$/),
    expect.stringMatching(/^10\.0\.0\.0\/8 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}in (2 h|1\d\d min) {2}scans$/),
    "192.0.2.7   for good",
  ]);
  const [json = ""] = (await operate(state, "ban", "--json")).said.split("\n");
  const { since, until, ...rest } = JSON.parse(json);
  expect(rest).toEqual({ network: "10.0.0.0/8", reason: "scans" });
  expect(Date.parse(until) - Date.parse(since)).toBe(7_200_000);
  expect(await operate(state, "unban", "10.9.9.9")).toEqual({
    code: 1,
    said: "10.9.9.9 is not banned; but 10.0.0.0/8 is, which it is in",
  });
  expect((await operate(state, "unban", "10.0.0.0/8")).said).toBe("10.0.0.0/8 is no longer banned");
  expect((await operate(state, "ban", "--json")).said.split("\n").length).toBe(1);
});

test("who is not banned, and a state folder that is none, are told", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("state"));
  writeFileSync(folder.file("file"), "");
  expect(await operate(folder.file("state"), "unban", "10.0.0.5")).toEqual({
    code: 1,
    said: expect.stringContaining('10.0.0.5 is not banned; "tincan ban" lists who is'),
  });
  expect(await operate(folder.file("state"), "ban")).toEqual({ code: 0, said: "nobody is banned" });
  expect(await operate(folder.file("file"), "ban")).toEqual({
    code: 64,
    said: expect.stringContaining(`no folder, and so no state folder, is "${folder.file("file")}"`),
  });
});

test("a short ban is told to the second", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  const { said } = await operate(state, "ban", "10.0.0.5", "--for", "100s");
  const [, until = ""] = /^banned 10\.0\.0\.5 for 100 s, until (.* UTC)$/.exec(said) ?? [];
  const rest = Date.parse(until.replace(" UTC", "Z").replace(" ", "T")) - Date.now();
  expect(rest).toBeGreaterThan(60_000);
  expect(rest).toBeLessThanOrEqual(100_000);
  const [, row = ""] = (await operate(state, "ban")).said.split("\n");
  expect(row).toMatch(/^10\.0\.0\.5 {2}\S+ \S+ UTC {2}in \d+ s$/);
  expect(row).toContain(until);
});

test.each<[readonly string[], number, string]>([
  [["ban", "example.com"], 64, '"example.com" is no address; try 10.0.0.5, 10.0.0.0/8 or 2001:db8::/64'],
  [["ban", "10.0.0.0/33"], 64, '"10.0.0.0/33" is no address'],
  [["ban", "10.0.0.5", "--for", "soon"], 64, '--for "soon" is not a time; try 10m, 2h or 7d'],
  [["ban", "10.0.0.5", "--for", "0"], 64, '--for "0" is over at once; leave --for out for a ban without an end'],
  [
    ["ban", "10.0.0.5", "--for", "99999999d"],
    64,
    '--for "99999999d" is more than 100 years; leave --for out for a ban without an end',
  ],
  [["ban", "10.0.0.5", "--reason", "a\nb"], 64, "the reason must be one line of text"],
  [["ban", "10.0.0.5", "--reason", "x".repeat(201)], 64, "is too long; give at most 200 bytes"],
  [["ban", "10.0.0.5", "--json"], 64, "--list and --json list the bans; leave out the address"],
  [["ban", "--for", "2h"], 64, "say whom to ban: an address, or a network such as 10.0.0.0/8"],
  [["unban", "10.0.0.5"], 64, "there is no state folder"],
  [["ban"], 64, "there is no state folder"],
])("%p is refused", async (args, code, said) => {
  using folder = new TempFolder();
  const answer = await operate(folder.file("state"), ...args);
  expect(answer).toEqual({ code, said: expect.stringContaining(said) });
  expect(existsSync(folder.file("state"))).toBe(false);
});

test("a running daemon ends who is banned, and lets nobody in from there at any door", async () => {
  using share = new TempFolder();
  await using tincan = await startTincan([share.path]);
  const state = tincan.folder.file("state");
  using line = await connect({ port: tincan.port("line") });
  using framed = await connect({ port: tincan.port("framed") });
  using ftp = await connect({ port: tincan.port("ftp") });
  await ftp.readUntil("220 ");
  using other = await connect({ port: tincan.port("line"), host: "::1" });
  using datagrams = await UdpClient.open(tincan.port("echo"));
  for (const client of [line, other]) await client.readUntil("/help");
  await framed.write("\0\0\0\x01x");
  await framed.readExactly(5);
  expect((await operate(state, "ban", "127.0.0.1")).code).toBe(0);
  expect((await line.readAll()).toString()).toContain("-- you are banned here\r\n");
  expect((await framed.readAll()).toString()).toContain('"event":"bye","reason":"banned"');
  expect((await ftp.readAll()).toString()).toEndWith("421 you are banned here\r\n");
  for (const [door, words] of [
    ["line", "-- you are banned here\r\n"],
    ["framed", '\0\0\0>{"event":"bye","reason":"banned","text":"you are banned here"}'],
    ["ftp", "421 you are banned here\r\n"],
    ["echo", "you are banned here\r\n"],
  ] as const) {
    using again = await connect({ port: tincan.port(door) });
    expect((await again.readAll()).toString()).toBe(words);
  }
  await datagrams.send("hello");
  await tincan.waitForEvent(({ event, reason }) => event === "datagram-dropped" && reason === "banned");
  await other.write("/who\n");
  expect(await other.inbox.readLineWith("in #lobby")).toContain("guest");
  expect((await operate(state, "unban", "127.0.0.1")).code).toBe(0);
  using welcome = await connect({ port: tincan.port("line") });
  await welcome.readUntil("/help");
});

test("a daemon knows the bans of before from its first moment", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  await operate(state, "ban", "127.0.0.1");
  // The last of several flags counts.
  await using tincan = await startTincan(["--doors", "echo", "--state-dir", state]);
  using client = await connect({ port: tincan.port("echo") });
  expect((await client.readAll()).toString()).toBe("you are banned here\r\n");
});

test("a daemon that is not told looks for itself within a second", async () => {
  await using tincan = await startTincan(["--doors", "echo"]);
  const state = tincan.folder.file("state");
  const { AccountsFile } = await import("../../src/accounts/accounts-file.ts");
  {
    using file = AccountsFile.open(state, { create: true, busyMs: 1_000 });
    file?.bans.add({ network: "127.0.0.1", since: Date.now(), until: null, reason: "" });
  }
  using client = await connect({ port: tincan.port("echo") });
  // Let in or not, it is ended.
  await client.readAll().catch(() => {});
});

test("a daemon whose accounts and bans cannot be read does not start: 78", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("state"));
  writeFileSync(folder.file("state/accounts.db"), "x".repeat(4096));
  const { code, stdout, stderr } = await run([
    TINCAN,
    "serve",
    "--base-port",
    "0",
    "--state-dir",
    folder.file("state"),
  ]);
  expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
  expect(stderr).toBe(
    `tincan: "${folder.file("state/accounts.db")}" is damaged or no file of tincan's; move it away\n`,
  );
});

test("a daemon without accounts makes no file for them, however often a login fails", async () => {
  await using tincan = await startTincan(["--doors", "framed"]);
  using peer = await connect({ port: tincan.port("framed") });
  const hello = '{"op":"hello","v":1,"service":"chat","user":"ann","password":"a wrong password","id":1}';
  await peer.write(`\0\0\0${String.fromCharCode(hello.length)}${hello}`);
  expect(await tincan.waitForEvent(({ event }) => event === "login-failed")).toMatchObject({ door: "framed" });
  expect(await peer.readUntil("bad-login")).toContain('"ok":false');
  expect(existsSync(tincan.folder.file("state/accounts.db"))).toBe(false);
});
