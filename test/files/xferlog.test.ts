import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { type TransferOutcome, type TransferSpec, Transfers } from "../../src/files/transfers.ts";
import { Xferlog, xferlogLine } from "../../src/files/xferlog.ts";
import { type Fields, type Log, silentLog } from "../../src/log.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { TempFolder } from "../support/temp.ts";

const spec: TransferSpec = {
  door: "ftp",
  account: "ann",
  host: "10.0.0.5",
  direction: "get",
  path: "/big.iso",
  offset: 0,
  length: 1000,
};

function ended(clock: HandClock, some: Partial<TransferSpec> = {}, outcome: TransferOutcome = "done", ms = 12_400) {
  const transfer = new Transfers(clock).begin({ ...spec, ...some });
  transfer.move(700);
  clock.move(ms);
  transfer.end(outcome);
  return transfer;
}

describe("a line of the xferlog", () => {
  const now = new Date(2026, 0, 2, 3, 4, 5);

  test("has the words of wu-ftpd's xferlog(5)", () => {
    const line = xferlogLine(ended(new HandClock()), now);
    expect(line).toBe("Fri Jan  2 03:04:05 2026 12 10.0.0.5 700 /big.iso b _ o r ann ftp 0 * c\n");
  });

  test("tells uploads, strangers and what was broken off", () => {
    const some = { direction: "put", account: null, host: "::1", door: "framed" } as const;
    const line = xferlogLine(ended(new HandClock(), some, "broken", 10), now);
    expect(line).toBe("Fri Jan  2 03:04:05 2026 1 ::1 700 /big.iso b _ i a anonymous framed 0 * i\n");
  });

  test("always has as many words, whatever a file is called", () => {
    for (const path of ["/a b", "/\n/forged", "/\u00a0\u2003\u3000", "/\u202eevil", "/ ", "/张 三"]) {
      const line = xferlogLine(ended(new HandClock(), { path, account: "a b" }), now);
      expect(line.trimEnd().split(/\s+/)).toHaveLength(18);
      expect(line.indexOf("\n")).toBe(line.length - 1);
    }
    expect(xferlogLine(ended(new HandClock(), { path: "/a b" }), now)).toContain(" /a\\x20b b _ ");
  });
});

/** An xferlog in a folder of its own, on a clock that is moved by hand. */
function scene() {
  const folder = new TempFolder();
  const clock = new HandClock();
  const complaints: Fields[] = [];
  const log: Log = { ...silentLog, error: (event, fields = {}) => void complaints.push({ event, ...fields }) };
  const path = folder.file("xferlog");
  return {
    folder,
    clock,
    path,
    complaints,
    open: () => new Xferlog(path, clock, log),
    lines: (file = path) => readFileSync(file, "utf8").split("\n").slice(0, -1),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe("the xferlog", () => {
  test("is for its own user, is added to, and is written to in batches", async () => {
    using at = scene();
    await Bun.write(at.path, "what was there\n");
    rmSync(at.path);
    const first = at.open();
    expect(statSync(at.path).mode & 0o777).toBe(0o600);
    for (let i = 0; i < 5; i++) first.add(ended(at.clock, {}, "done", 0));
    expect(at.lines()).toEqual([]);
    at.clock.move(100);
    await until(() => at.lines().length === 5, "five lines");
    await first.close();
    const second = at.open();
    second.add(ended(at.clock));
    await second.close();
    expect(at.lines()).toHaveLength(6);
    expect(at.clock.waiting).toBe(0);
  });

  test("goes on in a new file when the old one was moved away or removed", async () => {
    using at = scene();
    const log = at.open();
    const say = async (lines: number) => {
      log.add(ended(at.clock, {}, "done", 0));
      at.clock.move(100);
      await until(() => existsSync(at.path) && at.lines().length === lines, `${lines} lines`);
    };
    await say(1);
    await say(2);
    renameSync(at.path, `${at.path}.1`);
    await say(1);
    rmSync(at.path);
    await say(1);
    expect(at.lines(`${at.path}.1`)).toHaveLength(2);
    await log.close();
    expect(at.complaints).toEqual([]);
  });

  test("follows no link, neither at the start nor later", async () => {
    using at = scene();
    await Bun.write(at.folder.file("precious"), "");
    symlinkSync(at.folder.file("precious"), at.path);
    expect(() => at.open()).toThrow("ELOOP");
    rmSync(at.path);
    const log = at.open();
    rmSync(at.path);
    symlinkSync(at.folder.file("precious"), at.path);
    log.add(ended(at.clock));
    await log.close();
    expect(readFileSync(at.folder.file("precious"), "utf8")).toBe("");
    expect(at.complaints).toMatchObject([{ event: "xferlog-failed", lost: 1 }]);
  });

  test("loses lines while the disk fails, complains once a minute, and goes on when it works again", async () => {
    using at = scene();
    const log = at.open();
    rmSync(at.path);
    mkdirSync(at.path);
    const say = () => {
      log.add(ended(at.clock, {}, "done", 0));
      at.clock.move(100);
    };
    say();
    await until(() => at.complaints.length === 1, "the complaint");
    expect(at.complaints).toMatchObject([{ event: "xferlog-failed", path: at.path, lost: 1 }]);
    for (let i = 0; i < 50; i++) say();
    expect(at.complaints).toHaveLength(1);
    at.clock.move(60_000);
    say();
    await until(() => at.complaints.length === 2, "the second complaint");
    for (let i = 0; i < 50; i++) say();
    rmSync(at.path, { recursive: true });
    log.add(ended(at.clock));
    await log.close();
    // Every line is in the file or told of as lost.
    const lost = at.complaints.reduce((sum, complaint) => sum + Number(complaint["lost"]), 0);
    expect(at.lines().length + lost).toBe(1 + 50 + 1 + 50 + 1);
  });
});
