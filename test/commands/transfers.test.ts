import { describe, expect, test } from "bun:test";
import { readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import type { Status } from "../../src/control/status.ts";
import { until } from "../support/deadline.ts";
import { FramedClient } from "../support/frames.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";
import { Upload, upload } from "../support/upload.ts";
import { Screen } from "./screen.ts";

async function filesClient(port: number): Promise<FramedClient> {
  const client = await FramedClient.connect({ port });
  expect(await client.request("hello", { v: 1, service: "files" })).toMatchObject({ ok: true });
  return client;
}

async function transfersOf(tincan: Tincan): Promise<Status["transfers"]> {
  const command = [TINCAN, "status", "--json", "--state-dir", tincan.folder.file("state")];
  return (JSON.parse((await run(command)).stdout) as Status).transfers;
}

describe("a transfer", () => {
  test("is in the status while it runs, and a line of the log when it is done or broken off", async () => {
    using share = new TempFolder();
    await using tincan = await startTincan([share.path, "--allow-upload"]);
    const client = await filesClient(tincan.port("framed"));
    const put = await Upload.begin(client, "/a b.bin", 1_000);
    await put.write(Buffer.alloc(500));
    await until(async () => (await transfersOf(tincan))[0]?.bytes === 500, "the bytes in the status");
    expect(await transfersOf(tincan)).toMatchObject([
      {
        door: "framed",
        account: null,
        host: "127.0.0.1",
        direction: "put",
        path: "/a b.bin",
        length: 1_000,
        size: 1_000,
        percent: 50,
      },
    ]);
    const { stdout } = await run([TINCAN, "status", "--state-dir", tincan.folder.file("state")]);
    expect(stdout).toMatch(/^put \/a b.bin +framed +127\.0\.0\.1 +500 B +1 kB +50\.0 % /m);
    await put.write(Buffer.alloc(500));
    await put.end();
    expect(await tincan.waitForEvent(({ event }) => event === "transfer")).toMatchObject({
      level: "info",
      door: "framed",
      who: "anonymous",
      peer: "127.0.0.1",
      direction: "put",
      path: "/a b.bin",
      bytes: 1_000,
      size: 1_000,
      outcome: "done",
    });
    await (await Upload.begin(client, "/half", 10)).write(Buffer.alloc(5));
    client[Symbol.dispose]();
    const broken = await tincan.waitForEvent(({ event, path }) => event === "transfer" && path === "/half");
    expect(broken).toMatchObject({ outcome: "broken", size: 10, detail: expect.any(String) });
    expect(await transfersOf(tincan)).toEqual([]);
  });

  test("ends when its peer is kicked", async () => {
    using share = new TempFolder();
    await using tincan = await startTincan([share.path, "--allow-upload"]);
    using client = await filesClient(tincan.port("framed"));
    await (await Upload.begin(client, "/half", 10)).write(Buffer.alloc(5));
    const kick = [TINCAN, "kick", "127.0.0.1", "--state-dir", tincan.folder.file("state")];
    expect(await run(kick)).toMatchObject({ code: 0 });
    client[Symbol.dispose]();
    expect(await tincan.waitForEvent(({ event }) => event === "transfer")).toMatchObject({ outcome: "broken" });
  });
});

test("a look at a file before one goes on is no transfer, and an empty file is one", async () => {
  using share = new TempFolder();
  using folder = new TempFolder();
  const path = folder.file("xferlog");
  for (const name of ["big", "empty"]) writeFileSync(share.file(name), name === "big" ? "x".repeat(100) : "");
  await using tincan = await startTincan([share.path, "--xferlog", path]);
  using client = await filesClient(tincan.port("framed"));
  for (const fields of [{ path: "/big", offset: 0, length: 0 }, { path: "/empty" }]) {
    expect(await client.request("get", fields)).toMatchObject({ ok: true });
    await client.event("end");
  }
  const first = await tincan.waitForEvent(({ event }) => event === "transfer");
  expect(first).toMatchObject({ path: "/empty", bytes: 0, outcome: "done" });
  await until(() => readFileSync(path, "utf8").includes("/empty"), "the line");
  expect(readFileSync(path, "utf8")).not.toContain("/big");
});

describe("--xferlog", () => {
  test("has a line for each, goes on after a rotation, and SIGHUP does no harm", async () => {
    using folder = new TempFolder();
    using share = new TempFolder();
    const path = folder.file("xferlog");
    const lines = (file = path) => readFileSync(file, "utf8").split("\n").slice(0, -1);
    await using tincan = await startTincan([share.path, "--allow-upload", "--xferlog", path]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    using client = await filesClient(tincan.port("framed"));
    await upload(client, "/a b.bin", Buffer.alloc(1_000));
    await until(() => lines().length === 1, "a line");
    expect(lines()[0]).toMatch(
      /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} 1 127\.0\.0\.1 1000 \/a\\x20b\.bin b _ i a anonymous framed 0 \* c$/,
    );
    renameSync(path, `${path}.1`);
    tincan.signal("SIGHUP");
    await tincan.waitForEvent(({ event }) => event === "xferlog-reopened");
    await upload(client, "/c", Buffer.alloc(1));
    await tincan.stop();
    expect(lines()).toHaveLength(1);
    expect(lines(`${path}.1`)).toHaveLength(1);
  });

  test("must be a file that can be written to", async () => {
    using folder = new TempFolder();
    symlinkSync(folder.file("elsewhere"), folder.file("link"));
    const flags = ["--base-port", "0", "--state-dir", folder.file("state"), "--xferlog"];
    for (const [path, why] of [
      [folder.file("none/xferlog"), "cannot be written to"],
      [folder.path, "cannot be written to"],
      [folder.file("link"), "is a link, which is not followed"],
    ] as const) {
      const { code, stderr } = await run([TINCAN, "serve", ...flags, path]);
      expect({ code, stderr }).toEqual({ code: 73, stderr: `tincan: --xferlog "${path}" ${why}; give another file\n` });
    }
  });
});

describe("on the daemon's terminal", () => {
  /** A daemon in a terminal, which shares a folder that all may add to. */
  async function scene(env: Readonly<Record<string, string>> = {}) {
    const folder = new TempFolder();
    const flags = ["--base-port", "0", "--allow-upload", "--serve-anyway", "--state-dir", folder.file("state")];
    const program = new Program([TINCAN, "serve", folder.path, ...flags], {
      terminal: true,
      env: { TERM: "xterm", NO_COLOR: "1", ...env },
    });
    const screen = new Screen(program.stdout);
    await until(
      () => screen.rows.some((row) => row.includes("Ctrl-C")),
      () => `the announcement; there is ${screen.rows.join("\n")}`,
    );
    const [, port] = /nc -N 127\.0\.0\.1 (\d+)/.exec(screen.rows.join("\n")) ?? [];
    const client = await filesClient(Number(port));
    return {
      program,
      client,
      rows: () => screen.rows.slice(screen.rows.findIndex((row) => row.includes("Ctrl-C")) + 1),
      async [Symbol.asyncDispose]() {
        client[Symbol.dispose]();
        program.kill("SIGTERM");
        await program.exited();
        await program[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  }

  test("running transfers are bars below the log, and lines of the log appear above them", async () => {
    await using at = await scene();
    const one = await Upload.begin(at.client, "/one.bin", 1_000, 1_001);
    const two = await Upload.begin(at.client, "/two.bin", 1_000, 1_002);
    await one.write(Buffer.alloc(250));
    await two.write(Buffer.alloc(500));
    const shows = (condition: (rows: readonly string[]) => boolean, what: string) =>
      until(
        () => condition(at.rows()),
        () => `${what}; there is ${at.rows().join("\n")}`,
        4_000,
      );
    await shows(
      ([first = "", second = "", ...more]) =>
        /^put \/one\.bin \(127\.0\.0\.1\) +█+░+ +25\.0 %/.test(first) &&
        /^put \/two\.bin .* 50\.0 %/.test(second) &&
        more.length === 0,
      "two bars",
    );
    await one.write(Buffer.alloc(750));
    await one.end();
    // A line of the log takes some rows.
    await shows(
      (rows) =>
        / info {2}transfer /.test(rows[0] ?? "") && /^put \/two\.bin/.test(rows.at(-1) ?? "") && rows.length > 2,
      "a line above one bar",
    );
    await shows((rows) => rows.filter((row) => row.startsWith("put ")).length === 1, "one bar");
    await two.write(Buffer.alloc(500));
    await two.end();
    await shows(
      (rows) => rows.join("").split("outcome=done").length === 3 && rows.every((row) => !row.startsWith("put ")),
      "two lines and no bar",
    );
    expect(at.program.stdout.unread.toString()).not.toContain("\x1b[32m");
  });

  test("not on a dumb one", async () => {
    await using at = await scene({ TERM: "dumb" });
    const one = await Upload.begin(at.client, "/one.bin", 1_000, 1_001);
    await one.write(Buffer.alloc(1_000));
    await one.end();
    await until(() => at.rows().join("").includes("outcome=done"), "the log's line");
    expect(at.program.stdout.unread.toString()).not.toContain("\x1b");
  });
});
