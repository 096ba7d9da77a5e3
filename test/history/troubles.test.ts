import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { SmallDisk } from "../support/small-disk.ts";
import { Kept } from "./kept.ts";

/** Changes the file while nobody has it. */
function changeDatabase(kept: Kept, statement: string): void {
  const database = new Database(`${kept.state}/history.db`);
  database.run(statement);
  database.close();
}

const texts = async (kept: Kept) => (await kept.log.read("#lobby", {})).events.map(({ text }) => text);

describe("the chat goes on", () => {
  test("when the file is no database, which is moved away", async () => {
    await using kept = await Kept.open();
    await kept.log.close();
    writeFileSync(`${kept.state}/history.db`, "no database".repeat(1_000));
    await kept.restart();
    expect(kept.told.words).toEqual(["history-damaged"]);
    expect(existsSync(`${kept.state}/history.db.damaged`)).toBe(true);
    kept.say("hello");
    await kept.restart();
    expect(await texts(kept)).toEqual(["hello"]);
  });

  test("when the file is broken in the middle", async () => {
    await using kept = await Kept.open();
    for (let n = 0; n < 2_000; n++) kept.say(`${n} ${"x".repeat(100)}`);
    await kept.log.close();
    const path = `${kept.state}/history.db`;
    const bytes = new Uint8Array(await Bun.file(path).arrayBuffer());
    bytes.fill(0x5a, 4_096, bytes.length - 4_096);
    writeFileSync(path, bytes);
    await kept.restart();
    kept.say("hello");
    expect((await texts(kept)).at(-1)).toBe("hello");
    expect(kept.told.words.length).toBeGreaterThan(0);
  });

  test("when a room counts from where no number has a next one", async () => {
    await using kept = await Kept.open();
    kept.say("first");
    await kept.log.close();
    changeDatabase(kept, "UPDATE rooms SET seq = 9223372036854775807");
    await kept.restart();
    expect(kept.told.words).toEqual(["history-damaged"]);
    expect(kept.say("hello").seq).toBe(1);
  });

  test("when a message has a time that is none", async () => {
    await using kept = await Kept.open();
    for (const text of ["first", "second"]) kept.say(text);
    await kept.log.close();
    changeDatabase(kept, "UPDATE events SET time = 9223372036854775807 WHERE seq = 1");
    await kept.restart();
    expect(await texts(kept)).toEqual(["first", "second"]);
    expect((await kept.log.search("#lobby", { text: "first" }))?.events.length).toBe(1);
  });

  test("when another process has the file, and nothing of it is touched", async () => {
    await using kept = await Kept.open();
    const { epoch } = kept.say("first");
    await using other = await Kept.open({ folder: kept.state });
    expect(other.told.words).toEqual(["history-unavailable"]);
    expect(other.log.state("#lobby").epoch).not.toBe(epoch);
    other.say("not kept");
    expect(await texts(other)).toEqual(["not kept"]);
    expect(other.log.search("#lobby", { text: "first" })).toBeNull();
    await kept.restart();
    expect(kept.log.state("#lobby")).toMatchObject({ epoch, seq: 1 });
    expect(await texts(kept)).toEqual(["first"]);
  });

  test("when a newer version has written the file", async () => {
    await using kept = await Kept.open();
    await kept.log.close();
    changeDatabase(kept, "PRAGMA user_version = 99");
    await kept.restart();
    expect(kept.told.words).toEqual(["history-unavailable"]);
    kept.say("hello");
    expect(await texts(kept)).toEqual(["hello"]);
  });

  test("when the folder cannot be made", async () => {
    await using kept = await Kept.open();
    await kept.restart({ folder: "/dev/null/state" });
    expect(kept.told.words).toEqual(["history-unavailable"]);
    kept.say("hello");
    expect(await texts(kept)).toEqual(["hello"]);
  });

  test("when the disk is full, and is written when there is room again", async () => {
    using disk = SmallDisk.mount(2 * 1024 * 1024);
    if (disk === null) return;
    const folder = disk.file("state");
    mkdirSync(folder, { mode: 0o700 });
    await using kept = await Kept.open({ folder });
    const { epoch } = kept.say("first");
    await kept.log.search("#lobby", { text: "first" });
    disk.fill();
    for (let n = 0; n < 100; n++) kept.say(`${n} ${"x".repeat(100)}`);
    await kept.log.search("#lobby", { text: "first" });
    expect(kept.told.words).toEqual(["history-not-written"]);
    expect((await texts(kept)).length).toBe(101);
    disk.makeRoom();
    kept.clock.move(60_000);
    await kept.restart();
    expect(kept.told.words).toContain("history-written-again");
    expect(kept.log.state("#lobby")).toMatchObject({ epoch, seq: 101 });
    expect((await texts(kept)).length).toBe(101);
  });

  test("and what a full disk does not take can be read on meanwhile", async () => {
    using disk = SmallDisk.mount(1 << 20);
    if (disk === null) return;
    await using kept = await Kept.open({ folder: disk.file("state") });
    const readAll = async (room: string, upward: boolean) => {
      const seqs: number[] = [];
      for (let at: number | null = upward ? 0 : 10_000; at !== null; ) {
        const page = await kept.log.read(room, { [upward ? "after" : "before"]: at, limit: 70 });
        const read = page.events.map(({ seq }) => seq);
        if (upward) seqs.push(...read);
        else seqs.unshift(...read);
        at = page.next;
      }
      return seqs;
    };
    const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
    for (let n = 0; n < 30; n++) kept.say(`${n}`);
    await kept.log.search("#lobby", { text: "first" });
    disk.fill();
    for (let n = 0; n < 900; n++) kept.say(`${n} ${"x".repeat(100)}`, n % 3 === 0 ? "#new" : "#lobby");
    await kept.log.search("#lobby", { text: "first" });
    expect(kept.told.words).toEqual(["history-not-written"]);
    for (const upward of [true, false]) {
      expect(await readAll("#lobby", upward)).toEqual(upTo(630));
      expect(await readAll("#new", upward)).toEqual(upTo(300));
    }
    disk.makeRoom();
    kept.clock.move(60_000);
    for (const upward of [true, false]) expect(await readAll("#lobby", upward)).toEqual(upTo(630));
    await kept.log.search("#lobby", { text: "first" });
    expect(kept.told.words).toContain("history-written-again");
    for (const upward of [true, false]) expect(await readAll("#lobby", upward)).toEqual(upTo(630));
  });
});

test("an older copy of the file that is put in its place counts in an epoch of its own", async () => {
  await using kept = await Kept.open();
  const { epoch } = kept.say("first");
  await kept.restart();
  expect(kept.log.state("#lobby")).toMatchObject({ epoch, seq: 1 });
  await kept.log.close();
  const path = `${kept.state}/history.db`;
  copyFileSync(path, `${path}.old`);
  await kept.restart();
  expect(kept.say("told and lost")).toMatchObject({ epoch, seq: 2 });
  await kept.log.close();
  renameSync(`${path}.old`, path);
  await kept.restart();
  const again = kept.say("second");
  expect(again.seq).toBe(2);
  expect(again.epoch).not.toBe(epoch);
  expect(await texts(kept)).toEqual(["first", "second"]);
  await kept.restart();
  expect(kept.log.state("#lobby")).toMatchObject({ epoch: again.epoch, seq: 2 });
});

test("the files are for their owner alone", async () => {
  await using kept = await Kept.open();
  kept.say("hello");
  await kept.log.search("#lobby", { text: "hello" });
  expect(statSync(kept.state).mode & 0o777).toBe(0o700);
  for (const name of ["history.db", "history.db-wal", "history.mark"])
    expect([name, statSync(`${kept.state}/${name}`).mode & 0o777]).toEqual([name, 0o600]);
});

test("a database that was put back is not the one that is written to", async () => {
  await using kept = await Kept.open();
  const path = `${kept.state}/history.db`;
  expect(await kept.log.isHealthy()).toBe(true);
  renameSync(path, `${path}.moved`);
  expect(await kept.log.isHealthy()).toBe(false);
  copyFileSync(`${path}.moved`, path);
  expect(await kept.log.isHealthy()).toBe(false);
  renameSync(`${path}.moved`, path);
  expect(await kept.log.isHealthy()).toBe(true);
});
