import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import type { Status } from "../../src/control/status.ts";
import { until } from "../support/deadline.ts";
import { FramedClient } from "../support/frames.ts";
import { lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";
import { Screen } from "./screen.ts";

/** What `tincan COMMAND` says to a daemon of the tests. */
function tell(tincan: Tincan, ...args: readonly string[]) {
  return run([TINCAN, ...args, "--state-dir", tincan.folder.file("state")]);
}

async function statusOf(tincan: Tincan): Promise<Status> {
  const { code, stdout, stderr } = await tell(tincan, "status", "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  return JSON.parse(stdout);
}

describe("tincan status", () => {
  test("shows doors, limits, who is there, memory and version", async () => {
    await using tincan = await startTincan(["--max-connections", "7", "--max-per-address", "5"]);
    using _ = await lineClient({ port: tincan.port("line") }, "ann");
    using __ = await FramedClient.chat({ port: tincan.port("framed") }, { name: "张三", room: "#dev" });
    const status = await statusOf(tincan);
    expect(status).toMatchObject({
      version: tincan.ready.version,
      pid: tincan.pid,
      share: null,
      connections: { active: 2, data: 0, waiting: 0, openFiles: 0, limit: 7, limitPerAddress: 5 },
      members: 2,
      rooms: [
        { room: "#dev", members: 1 },
        { room: "#lobby", members: 1 },
      ],
      transfers: [],
    });
    expect(Object.keys(status.doors)).toEqual(Object.keys(tincan.ready.doors));
    for (const [name, { port, listeners }] of Object.entries(tincan.ready.doors)) {
      const active = name === "line" || name === "framed" ? 1 : 0;
      expect(status.doors[name]).toMatchObject({ port, listeners, active, waiting: 0, limit: 7, refused: 0 });
    }
    expect(status.people.map(({ name, door, host }) => `${name} ${door} ${host}`)).toEqual([
      "ann line 127.0.0.1",
      "张三 framed 127.0.0.1",
    ]);
    expect(status.memory.rss).toBeGreaterThan(10_000_000);
    expect(Date.now() - Date.parse(status.started)).toBeLessThan(60_000);
  });

  test("lines its tables up, with names of wide characters too", async () => {
    await using tincan = await startTincan();
    using _ = await lineClient({ port: tincan.port("line") }, "ann");
    using __ = await FramedClient.chat({ port: tincan.port("framed") }, { name: "张三" });
    const { code, stdout } = await tell(tincan, "status");
    expect(code).toBe(0);
    expect(stdout).toStartWith(`tincan ${tincan.ready.version}, pid ${tincan.pid}, up 0:0`);
    expect(stdout).toContain("\n2 connections (0 waiting), 0 open files; limit 10,000\n");
    expect(stdout).toContain("\n2 members in 1 room; 0 transfers\n");
    expect(stdout).toContain("\nrooms: #lobby 2\n");
    const rows = stdout.split("\n").filter((line) => /^(WHO|ann|张三) /.test(line));
    const columns = rows.map((line) => Bun.stringWidth(/^(.*?)(DOOR|line|framed)/.exec(line)?.[1] ?? ""));
    expect(columns).toEqual([15, 15, 15]);
  });

  test("keeps to the width of a terminal", async () => {
    await using tincan = await startTincan();
    const command = `stty cols 70; exec "$0" status --state-dir "$1"`;
    await using terminal = new Program(["sh", "-c", command, TINCAN, tincan.folder.file("state")], { terminal: true });
    expect(await terminal.exited()).toBe(0);
    const rows = terminal.stdout.unread.toString().split("\r\n");
    expect(rows.find((row) => row.startsWith("echo "))).toMatch(/^echo +(\d+) \1\/udp +0 /);
    expect(rows.filter((row) => row.length > 70)).toEqual([]);
  });

  test("tells data connections and open files apart, and its sums come out even", async () => {
    using share = new TempFolder();
    await using tincan = await startTincan([share.path, "--allow-upload"]);
    using _ = await lineClient({ port: tincan.port("line") }, "ann");
    using control = await connect({ port: tincan.port("ftp") });
    for (const line of ["USER ftp", "PASS x", "TYPE I", "EPSV"]) await control.write(`${line}\r\n`);
    const [, port = ""] = /\(\|\|\|(\d+)\|\)/.exec((await control.readUntil("|)")).toString()) ?? [];
    using data = await connect({ port: Number(port) });
    await control.write("STOR half\r\n");
    await control.readUntil("150");
    await data.write("half of it");
    const { connections, doors } = await statusOf(tincan);
    // An upload holds its part and the folder of it.
    expect(connections).toMatchObject({ active: 3, data: 1, openFiles: 2 });
    expect(doors["ftp"]).toMatchObject({ active: 2, accepted: 2 });
    expect(Object.values(doors).reduce((sum, { active }) => sum + active, 0)).toBe(3);
    const { stdout } = await tell(tincan, "status");
    expect(stdout).toMatch(/^3 connections \(1 for data, \d waiting\), 2 open files; limit 10,000$/m);
    data[Symbol.dispose]();
    await control.readUntil("226");
    await until(
      async () => (await statusOf(tincan)).connections.active === 2,
      () => "the data connection to be gone",
    );
    expect((await statusOf(tincan)).connections).toMatchObject({ data: 0, openFiles: 0 });
  });

  test("works while the doors are full", async () => {
    await using tincan = await startTincan(["--max-connections", "1"]);
    using _ = await lineClient({ port: tincan.port("line") }, "ann");
    expect((await statusOf(tincan)).connections).toMatchObject({ active: 1, limit: 1 });
  });

  test("tells what to do when no daemon runs, with 69", async () => {
    using folder = new TempFolder();
    const { code, stdout, stderr } = await run([TINCAN, "status", "--state-dir", folder.path]);
    expect({ code, stdout }).toEqual({ code: 69, stdout: "" });
    expect(stderr).toBe(
      `tincan: no daemon runs at the state folder "${folder.path}"; start one with "tincan serve", or give the --state-dir of the one you mean\n`,
    );
  });

  test("finds the daemon that the environment names", async () => {
    await using tincan = await startTincan();
    const env = { TINCAN_STATE_DIR: tincan.folder.file("state") };
    expect(JSON.parse((await run([TINCAN, "status", "--json"], { env })).stdout)).toMatchObject({ pid: tincan.pid });
  });

  test.if(process.getuid?.() !== 0)("does not show another user's daemon", async () => {
    using folder = new TempFolder();
    mkdirSync(folder.file("state"));
    chmodSync(folder.file("state"), 0);
    expect((await run([TINCAN, "status", "--state-dir", folder.file("state")])).code).toBe(69);
  });
});

describe("tincan status --watch", () => {
  test("in a pipe is a snapshot a second, until the daemon ends", async () => {
    await using tincan = await startTincan();
    await using watch = new Program([
      TINCAN,
      "status",
      "--json",
      "--watch",
      "--state-dir",
      tincan.folder.file("state"),
    ]);
    const first: Status = JSON.parse(await watch.stdout.readLine());
    const second: Status = JSON.parse(await watch.stdout.readLine());
    expect(second.uptime).toBeGreaterThan(first.uptime);
    await tincan.stop();
    expect(await watch.exited()).toBe(69);
    expect(await watch.stderr.readLine()).toContain("has ended");
  });

  test.each([
    ["q", 0],
    ["\x03", 0],
  ])("on a terminal draws over it, and %j gives it back as it was", async (key, code) => {
    await using tincan = await startTincan();
    const command = `echo before; "$0" status --watch --state-dir "$1"; echo exit $?; stty -a`;
    await using terminal = new Program(["sh", "-c", command, TINCAN, tincan.folder.file("state")], {
      terminal: true,
      env: { TERM: "xterm" },
    });
    const screen = new Screen(terminal.stdout);
    await screen.shows("q leaves");
    expect(screen.rows[0]).toStartWith(`tincan ${tincan.ready.version}, pid ${tincan.pid}`);
    expect(screen.rows[1]).toBe("listens on 127.0.0.1 and ::1; shares no files");
    expect(screen.rows.find((row) => row.startsWith("line "))).toMatch(/^line +\d+ +0 /);
    using _ = await lineClient({ port: tincan.port("line") }, "ann");
    await screen.shows("ann  -        line  127.0.0.1       -");
    expect(screen.rows).not.toContain("before");
    await terminal.write(key);
    await screen.shows(`exit ${code}`);
    expect(screen.rows.slice(0, 2)).toEqual(["before", `exit ${code}`]);
    await terminal.exited();
    expect(screen.rows.join(" ")).toContain(" icanon ");
    expect(screen.rows.join(" ")).toContain(" echo ");
    expect(terminal.stdout.unread.toString()).toContain("\x1b[?25h\x1b[?1049l");
  });
});

describe("tincan kick", () => {
  test("ends a member on every door, who is told why, as the room is", async () => {
    await using tincan = await startTincan();
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    expect(await tell(tincan, "kick", "Bob", "--reason", "no spam")).toEqual({
      code: 0,
      stdout: 'ended 1 connection of "Bob"\n',
      stderr: "",
    });
    const text = "the operator has ended your connection: no spam";
    expect(await bob.event("bye")).toEqual({ event: "bye", reason: "kicked", text });
    expect((await bob.tcp.readAll()).length).toBe(0);
    bob[Symbol.dispose]();
    expect(await ann.user.hears("bob left")).toBe("-- bob left (kicked: no spam)");
    expect(await tell(tincan, "kick", "ann")).toMatchObject({ code: 0 });
    expect(await ann.user.hears("operator")).toBe("-- the operator has ended your connection");
    expect((await tincan.waitForEvent(({ reason }) => reason === "kicked"))["level"]).toBe("warn");
  });

  test("ends all of an address, and says so when nobody is there", async () => {
    await using tincan = await startTincan();
    using _ = await lineClient({ port: tincan.port("line") }, "ann");
    using __ = await FramedClient.connect({ port: tincan.port("framed") });
    expect(await tell(tincan, "kick", "10.0.0.1")).toEqual({
      code: 1,
      stdout: "",
      stderr: 'tincan: nobody is there as "10.0.0.1"; "tincan status" lists who is\n',
    });
    expect((await tell(tincan, "kick", "127.0.0.0/8")).stdout).toBe('ended 2 connections of "127.0.0.0/8"\n');
  });

  test("ends FTP in the middle of a transfer, with 421, and the data connection too", async () => {
    using share = new TempFolder();
    await using tincan = await startTincan([share.path, "--allow-upload"]);
    using control = await connect({ port: tincan.port("ftp") });
    for (const line of ["USER ftp", "PASS x", "TYPE I", "EPSV"]) await control.write(`${line}\r\n`);
    const [, port = ""] = /\(\|\|\|(\d+)\|\)/.exec((await control.readUntil("|)")).toString()) ?? [];
    using data = await connect({ port: Number(port) });
    await control.write("STOR half\r\n");
    await control.readUntil("150");
    await data.write("half of it");
    expect((await statusOf(tincan)).people).toMatchObject([{ name: null, account: null, door: "ftp" }]);
    expect(await tell(tincan, "kick", "127.0.0.1", "--reason", "maintenance")).toMatchObject({ code: 0 });
    expect((await control.readUntil("maintenance")).toString()).toContain("421 the operator has ended your connection");
    expect(await tincan.waitForEvent(({ event }) => event === "transfer")).toMatchObject({ outcome: "broken" });
    expect((await statusOf(tincan)).transfers).toEqual([]);
  });

  test("ends an account, whatever door it came by and however its name is written", async () => {
    using share = new TempFolder();
    await using tincan = await startTincan([share.path]);
    const state = ["--state-dir", tincan.folder.file("state")];
    const added = await run([TINCAN, "user", "add", "ann", ...state], { input: "correct horse\n" });
    expect(added).toMatchObject({ code: 0 });
    using control = await connect({ port: tincan.port("ftp") });
    await control.write("USER ann\r\nPASS correct horse\r\n");
    await control.readUntil("230");
    using framed = await FramedClient.connect({ port: tincan.port("framed") });
    const hello = { v: 1, service: "files", user: "ann", password: "correct horse" };
    expect(await framed.request("hello", hello)).toMatchObject({ ok: true });
    using eve = await lineClient({ port: tincan.port("line") }, "eve");
    const people = (await statusOf(tincan)).people.map(({ name, account, door }) => `${name} ${account} ${door}`);
    expect(people.sort()).toEqual(["eve null line", "null ann framed", "null ann ftp"]);
    expect((await tell(tincan, "kick", "ANN")).stdout).toBe('ended 2 connections of "ANN"\n');
    expect(await framed.event("bye")).toMatchObject({ reason: "kicked" });
    await control.readUntil("421 the operator has ended your connection");
    await eve.user.say("/who");
    expect(await eve.user.hears("-- in ")).toBe("-- in #lobby: eve");
  });

  test("tells what is wrong with a reason", async () => {
    await using tincan = await startTincan();
    const { code, stderr } = await tell(tincan, "kick", "ann", "--reason", "a\nb");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "tincan: the reason must be one line of text\n" });
  });
});
