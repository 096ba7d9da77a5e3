import { expect, test } from "bun:test";
import { readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { fileLimits } from "../../src/files/limits.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { refusal, Share, store } from "./share.ts";

test("two uploads of one name that begin in the same turn do not write to one part", async () => {
  await using share = new Share();
  const access = share.enter();
  const [one, two] = await Promise.all([access.write("/x", {}), access.write("/x", {})]);
  one.write(Buffer.from("one, whole"));
  two.write(Buffer.from("two"));
  await one.commit();
  expect(share.read("x")).toBe("one, whole");
  await two.discard();
  expect(share.names()).toEqual(["x"]);
});

test("an upload that could not begin is no unfinished one", async () => {
  await using share = new Share({ quota: 100 });
  const access = share.enter();
  await store(access, "/full", "x".repeat(60));
  for (let tries = 0; tries <= fileLimits.partsOfOne; tries++) {
    expect(await refusal(access.write("/full", { append: true, overwrite: true }))).toBe("quota");
  }
  await store(access, "/more", "x".repeat(40));
});

test("an upload over a file is gone on with, and not the file", async () => {
  await using share = new Share();
  share.put("a", "old");
  const access = share.enter();
  const first = await access.write("/a", { overwrite: true });
  first.write(Buffer.from("new con"));
  await first.keep();
  expect(await access.unfinished("/a")).toBe(7);
  expect(await refusal(access.write("/a", { overwrite: true, resume: 8 }))).toBe("nothing-to-resume");
  const second = await access.write("/a", { overwrite: true, resume: 3 });
  expect(share.read("a")).toBe("old");
  second.write(Buffer.from(" content"));
  await second.commit();
  expect(share.read("a")).toBe("new content");
  expect(share.names()).toEqual(["a"]);
});

test("of two who add to a file at once the later one is told, and loses nobody's bytes", async () => {
  await using share = new Share();
  share.put("log", "0");
  const access = share.enter();
  const how = { append: true, overwrite: true };
  const [one, two] = await Promise.all([access.write("/log", how), access.write("/log", how)]);
  one.write(Buffer.from("1"));
  two.write(Buffer.from("2"));
  await one.commit();
  expect(await refusal(two.commit())).toBe("changed");
  expect(share.read("log")).toBe("01");
  await store(access, "/log", "2", how);
  expect([share.read("log"), share.names()]).toEqual(["012", ["log"]]);
});

const disk = SmallDisk.mount(64 * 1024);
disk?.[Symbol.dispose]();

test.skipIf(disk === null)("a copy that fails takes no room, and is no unfinished upload", async () => {
  // No room for the name of a copy, though there is for its bytes.
  using small = SmallDisk.mount(64 * 1024, 3)!;
  await using share = new Share({ root: realpathSync(small.path), quota: 100 });
  const access = share.enter();
  await store(access, "/a", "x".repeat(40));
  writeFileSync(small.file("filler"), "");
  for (let tries = 0; tries <= fileLimits.partsOfOne; tries++) {
    expect(await refusal(access.write("/a", { append: true, overwrite: true }))).toBe("no-space");
  }
  rmSync(small.file("filler"));
  await access.remove("/a");
  await store(access, "/b", "x".repeat(100));
  expect(readdirSync(small.path)).toEqual(["b"]);
  expect(share.open).toBe(0);
});
