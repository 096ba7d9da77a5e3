import { expect, test } from "bun:test";
import { realpathSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { SmallDisk } from "../support/small-disk.ts";
import { listed, Share, store } from "./share.ts";

/** Of tmpfs, which keeps seconds in 64 bits. */
const disk = SmallDisk.mount(64 * 1024);
disk?.[Symbol.dispose]();
const LATEST = 8_640_000_000_000_000;

test.skipIf(disk === null)("a time that no date can say is told as the latest that one can", async () => {
  using small = SmallDisk.mount(64 * 1024)!;
  writeFileSync(small.file("far"), "");
  utimesSync(small.file("far"), 99_999_999_999_999, 99_999_999_999_999);
  await using share = new Share({ root: realpathSync(small.path) });
  const access = share.enter();
  expect((await access.stat("/far")).mtime).toBe(LATEST);
  expect(await listed(access)).toEqual(["far"]);
  const download = await access.read("/far");
  expect(new Date(download.mtime).toISOString()).toBe("+275760-09-13T00:00:00.000Z");
  download.close("done");
  expect(await access.setTime("/far", Number.MAX_SAFE_INTEGER)).toBe(LATEST);
});

test("a file that is put has its time to the very millisecond, also before 1970", async () => {
  await using share = new Share();
  const access = share.enter();
  for (const mtime of [1_577_836_800_123, 1_577_836_800_000, -1, -500, -301_439_000_001]) {
    await store(access, "/f", "x", { mtime, overwrite: true });
    expect(statSync(share.file("f"), { bigint: true }).mtimeNs).toBe(BigInt(mtime) * 1_000_000n);
    expect((await access.stat("/f")).mtime).toBe(mtime);
    await access.setTime("/f", 0);
    expect(await access.setTime("/f", mtime)).toBe(mtime);
    expect(statSync(share.file("f"), { bigint: true }).mtimeNs).toBe(BigInt(mtime) * 1_000_000n);
  }
});
