import { expect, test } from "bun:test";
import { mkdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { Census } from "../../src/files/census.ts";
import { Jail } from "../../src/files/jail.ts";
import { PartCount } from "../../src/files/part-count.ts";
import { ownerMark, partName } from "../../src/files/parts.ts";
import { Space } from "../../src/files/space.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";
import { refusal, Share, store } from "./share.ts";

const DAY = 24 * 60 * 60;

test("what nobody went on with for seven days is deleted with the next upload; what is younger stays", async () => {
  const clock = new HandClock();
  await using share = new Share({ clock });
  mkdirSync(share.file("deep/er"), { recursive: true });
  const old = share.put(`deep/er/${partName({ owner: "a", name: "old" })}`, "x");
  const young = share.put(`deep/${partName({ owner: "a", name: "young" })}`, "x");
  const now = clock.now() / 1000;
  utimesSync(old, now, now - 7 * DAY - 1);
  utimesSync(young, now, now - 7 * DAY + 60);
  await share.enter(["read"]).stat("/deep");
  expect(share.names("deep/er").length).toBe(1);
  await store(share.enter(), "/new", "x");
  await until(() => share.names("deep/er").length === 0, "the old one to go");
  expect(share.names("deep").length).toBe(2);
  // Looked for again as long as the daemon runs.
  await until(() => clock.waiting > 0, "the walk to end");
  clock.move(60 * 60 * 1000);
  await until(() => share.names("deep").length === 1, "the other to go");
});

test("one that cannot be resumed is what a killed daemon left, and goes after an hour", async () => {
  const clock = new HandClock();
  await using share = new Share({ clock });
  const path = share.put(`.tincan-${ownerMark("a")}-x${"0".repeat(22)}.part`, "x");
  const now = clock.now() / 1000;
  utimesSync(path, now, now - 3_601);
  await store(share.enter(), "/new", "x");
  await until(() => share.names().length === 1, "it to go");
});

test("nobody leaves more than 256 beginnings, and what was there before a start counts", async () => {
  const clock = new HandClock();
  await using share = new Share({ clock });
  for (let i = 0; i < 255; i++) {
    const path = share.put(partName({ owner: "address:10.0.0.5", name: `n${i}` }), "x");
    utimesSync(path, clock.now() / 1000, clock.now() / 1000);
  }
  const access = share.enter();
  await store(access, "/new", "x");
  await until(() => clock.waiting > 0, "the walk to end");
  const last = await access.write("/last", {});
  expect(await refusal(access.write("/over", {}))).toBe("too-many");
  // What is begun anew takes the place of what was begun before.
  await (await access.write("/n0", {})).discard();
  await (await access.write("/n0", {})).discard();
  const other = await share.enter(["upload"], { host: "10.0.0.6" }).write("/other", {});
  await other.discard();
  await last.discard();
  await (await access.write("/over", {})).discard();
});

test("beginnings that people delete beside tincan count no more an hour later", async () => {
  const clock = new HandClock();
  await using share = new Share({ clock });
  const access = share.enter();
  for (let i = 0; i < 255; i++) {
    const upload = await access.write(`/n${i}`, {});
    upload.write(Buffer.from("x"));
    await upload.keep();
  }
  const arriving = await access.write("/arriving", {});
  arriving.write(Buffer.from("x"));
  for (let i = 0; i < 255; i++) rmSync(share.file(partName({ owner: "address:10.0.0.5", name: `n${i}` })));
  expect(await refusal(access.write("/over", {}))).toBe("too-many");
  await until(() => clock.waiting > 0, "the walk to end");
  clock.move(60 * 60 * 1000);
  await until(() => clock.waiting > 0, "the next one to end");
  // The one that arrives still counts.
  const more = [];
  for (let i = 0; i < 255; i++) more.push(await access.write(`/m${i}`, {}));
  expect(await refusal(access.write("/over", {}))).toBe("too-many");
  await Promise.all([arriving, ...more].map((upload) => upload.discard()));
});

test("a quota counts the whole tree, and files of other names are left alone", async () => {
  await using share = new Share({ quota: 100 });
  mkdirSync(share.file("d"));
  writeFileSync(share.file("d/a"), "x".repeat(60));
  writeFileSync(share.file("d/.tincan-notes"), "x".repeat(30));
  const access = share.enter();
  await store(access, "/b", "x".repeat(10));
  expect(await refusal(store(access, "/c", "x"))).toBe("quota");
  expect(share.names("d")).toEqual([".tincan-notes", "a"]);
});

test("a walk that is begun anew takes the place of the one under way, for good", async () => {
  const clock = new HandClock();
  using folder = new TempFolder();
  mkdirSync(folder.file("d"));
  writeFileSync(folder.file("a"), "x".repeat(60));
  writeFileSync(folder.file("d/b"), "x".repeat(30));
  const jail = new Jail(folder.path, false);
  const space = new Space({ minFree: 0, quota: 100 }, clock);
  const census = new Census({ jail, space, clock, parts: new PartCount(clock), isArriving: () => false });
  const first = census.begin();
  census.restart();
  census.restart();
  await first;
  // Who has waited for the first knows what the last has found.
  expect(space.isUnknown).toBe(false);
  space.mustHold(10, (enough) => enough);
  expect(() => space.mustHold(11, (enough) => enough)).toThrow("10 B are left");
  await census.begin();
  expect(clock.waiting).toBe(1);
  clock.move(60 * 60 * 1000);
  census.restart();
  await census.begin();
  await until(() => clock.waiting > 0, "the walk to end");
  expect(clock.waiting).toBe(1);
  census.stop();
  expect(clock.waiting).toBe(0);
  jail.close();
});

const disk = SmallDisk.mount(64 * 1024);
disk?.[Symbol.dispose]();

test.skipIf(disk === null)("a disk that lets nothing be deleted is counted to its end", async () => {
  using small = SmallDisk.mount(1024 * 1024)!;
  const old = small.file(partName({ owner: "a", name: "old" }));
  writeFileSync(old, "x");
  utimesSync(old, 1, 1);
  mkdirSync(small.file("d"));
  writeFileSync(small.file("d/a"), "x".repeat(90));
  Bun.spawnSync(["mount", "-o", "remount,ro", small.path]);
  await using share = new Share({ root: realpathSync(small.path), quota: 100 });
  expect(await refusal(share.enter().write("/b", { size: 20 }))).toBe("quota");
});

test("what was deleted before it was counted gives no room beyond the quota", async () => {
  await using share = new Share({ quota: 100 });
  share.put("old", "x".repeat(100));
  const access = share.enter();
  await access.remove("/old");
  expect(await refusal(store(access, "/new", "x".repeat(101)))).toBe("quota");
});

test("a file that is renamed to its own name gives no room beyond the quota", async () => {
  await using share = new Share({ quota: 100 });
  const access = share.enter();
  await store(access, "/a", "x".repeat(60));
  await access.rename("/a", "/a", { overwrite: true });
  expect(await refusal(store(access, "/b", "x".repeat(41)))).toBe("quota");
});

test("what people add and delete beside tincan counts an hour later", async () => {
  const clock = new HandClock();
  await using share = new Share({ clock, quota: 100 });
  const access = share.enter();
  await store(access, "/a", "x".repeat(100));
  rmSync(share.file("a"));
  expect(await refusal(store(access, "/b", "x"))).toBe("quota");
  await until(() => clock.waiting > 0, "the walk to end");
  clock.move(60 * 60 * 1000);
  await until(() => clock.waiting > 0, "the next one to end");
  await store(access, "/b", "x".repeat(90));
  share.put("c", "x".repeat(10));
  clock.move(60 * 60 * 1000);
  await until(() => clock.waiting > 0, "the one after that to end");
  expect(await refusal(store(access, "/d", "x"))).toBe("quota");
});
