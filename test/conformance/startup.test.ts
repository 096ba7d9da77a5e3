import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { Program, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

describe("tincan serve announces itself", () => {
  test("to programs: exactly one JSON line on stdout, with every listener", async () => {
    using folder = new TempFolder();
    const flags = ["serve", "--base-port", "0", "--log-format", "json", "--state-dir", folder.file("state")];
    await using program = new Program([TINCAN, ...flags]);
    const ready = JSON.parse(await program.stdout.readLine());
    expect(ready).toMatchObject({ event: "ready", version, pid: program.pid });
    expect(Object.keys(ready.doors).sort()).toEqual(["echo", "framed", "http", "line"]);
    for (const [name, door] of Object.entries<{ port: number; listeners: { transport: string; host: string }[] }>(
      ready.doors,
    )) {
      const transports = name === "echo" ? ["tcp", "udp"] : ["tcp"];
      const wanted = transports.flatMap((transport) =>
        ["127.0.0.1", "::1"].map((host) => ({ transport, host, port: door.port })),
      );
      expect(door.listeners).toEqual(expect.arrayContaining(wanted));
      expect(door.listeners).toHaveLength(wanted.length);
    }
    program.kill("SIGTERM");
    expect(await program.exited()).toBe(0);
    expect(program.stdout.unread.toString()).toBe("");
    for (const line of program.stderr.unread.toString().trim().split("\n"))
      expect(JSON.parse(line)).toHaveProperty("event");
  });

  test("to people: one line per door with a command to paste that works", async () => {
    using folder = new TempFolder();
    const flags = ["--base-port", "0", "--log-format", "text", "--state-dir", folder.file("state")];
    await using program = new Program([TINCAN, "serve", ...flags]);
    const told = await program.stdout.readUntil("Ctrl-C");
    const paste = /nc 127\.0\.0\.1 (\d+)/.exec(told);
    expect(paste).not.toBeNull();
    using client = await connect({ port: Number(paste?.[1]) });
    for (const name of ["line", "echo", "framed"]) expect(told).toMatch(new RegExp(`^ *${name}\\b`, "m"));
    for (const line of told.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    client[Symbol.dispose]();
    program.kill("SIGINT");
    expect(await program.exited()).toBe(0);
    const logged = program.stderr.unread.toString();
    expect(logged).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info +stopped killed=0$/m);
  });

  test("without the doors that are off, and with only those that were named", async () => {
    await using named = await startTincan(["--doors", "echo"]);
    expect(Object.keys(named.ready.doors)).toEqual(["echo"]);
    await using off = await startTincan(["--echo-port", "off"]);
    expect(Object.keys(off.ready.doors).sort()).toEqual(["framed", "http", "line"]);
  });

  test("on all addresses when told so, and says how others reach it", async () => {
    using folder = new TempFolder();
    const flags = ["--host", "0.0.0.0", "--base-port", "0", "--log-format", "text"];
    await using program = new Program([TINCAN, "serve", ...flags, "--state-dir", folder.file("state")]);
    const told = await program.stdout.readUntil("Ctrl-C");
    expect(told).toContain("Others can reach this machine");
    program.kill("SIGTERM");
    expect(await program.exited()).toBe(0);
  });

  test("and warns in a box, and in the log, when anybody may add files", async () => {
    using folder = new TempFolder();
    const flags = ["--host", "0.0.0.0", "--base-port", "0", "--allow-upload", "--log-format", "text"];
    await using program = new Program([TINCAN, "serve", folder.path, "--serve-anyway", ...flags], {
      env: { XDG_STATE_HOME: folder.file("state") },
    });
    const told = await program.stdout.readUntil("Ctrl-C");
    expect(told).toMatch(/│ WARNING: anyone who reaches \S+ may add files +│/);
    expect(await program.stderr.readLine()).toContain('strangers-may-write may="add files" reach=');
    program.kill("SIGTERM");
    expect(await program.exited()).toBe(0);
  });

  test("and writes nothing for echo and chat: there is but the control socket, while it runs", async () => {
    await using tincan = await startTincan();
    using client = await connect({ port: tincan.port("line") });
    await client.readUntil("/help");
    expect(readdirSync(tincan.folder.path)).toEqual(["state"]);
    expect(readdirSync(tincan.folder.file("state"))).toEqual(["control.sock"]);
    await tincan.stop();
    expect(readdirSync(tincan.folder.file("state"))).toEqual([]);
  });

  test("also where the usual state folder cannot be made, with a warning", async () => {
    using folder = new TempFolder();
    await Bun.write(folder.file("file"), "");
    const flags = ["--base-port", "0", "--log-format", "json"];
    await using program = new Program([TINCAN, "serve", ...flags], { env: { XDG_STATE_HOME: folder.file("file") } });
    expect(JSON.parse(await program.stdout.readLine())).toMatchObject({ event: "ready" });
    const warning = JSON.parse(await program.stderr.readLine());
    expect(warning).toMatchObject({ level: "warn", event: "no-control-socket" });
    program.kill("SIGTERM");
    expect(await program.exited()).toBe(0);
  });
});

describe("tincan serve takes its settings", () => {
  test("from the flag before the environment before the file", async () => {
    using folder = new TempFolder();
    const config = folder.file("tincan.toml");
    await Bun.write(config, 'echo-greeting = "file"\necho-reply = "file"\nmax-frame = "64KiB"\n');
    await using tincan = await startTincan(["--config", config, "--echo-greeting", "flag;"], {
      env: { TINCAN_ECHO_GREETING: "environment", TINCAN_ECHO_REPLY: "environment" },
    });
    using client = await connect({ port: tincan.port("echo") });
    expect((await client.readExactly(5)).toString()).toBe("flag;");
    await client.write("x");
    expect((await client.readExactly(11)).toString()).toBe("environment");
  });

  test("on one port for all listeners of a door, and on the base port", async () => {
    await using tincan = await startTincan();
    for (const door of Object.values(tincan.ready.doors)) {
      expect(new Set(door.listeners.map(({ port }) => port)).size).toBe(1);
    }
  });
});

describe("tincan serve --smoke", () => {
  test("talks to every door, drains and exits with 0", async () => {
    const { code, stdout } = await run([TINCAN, "serve", "--smoke"], { ms: 20_000 });
    expect(code).toBe(0);
    for (const door of ["line tcp", "ftp tcp", "ftp tls", "echo tcp", "echo udp", "framed tcp"])
      expect(stdout).toContain(door);
  });
});

describe("signals", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} drains: peers hear last words and the exit code is 0`, async () => {
      await using tincan = await startTincan(["--doors", "line,framed"]);
      using client = await connect({ port: tincan.port("line") });
      await client.readUntil("/help");
      expect(await tincan.stop(signal)).toBe(0);
      expect((await client.readAll()).toString()).toContain("-- the server is shutting down\r\n");
      expect(tincan.events.map(({ event }) => event)).toEqual(expect.arrayContaining(["draining", "stopped"]));
    });
  }

  test("a second SIGINT does not wait for the drain", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    // A peer that neither reads nor leaves keeps the drain busy for two seconds.
    using client = await connect({ port: tincan.port("echo") });
    await client.write("here");
    await client.readExactly(4);
    tincan.signal("SIGINT");
    await tincan.waitForEvent(({ event }) => event === "draining");
    expect(await tincan.stop("SIGINT")).toBe(130);
  });
});
