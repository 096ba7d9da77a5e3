import { expect, test } from "bun:test";
import { closeSync, openSync, unlinkSync, writeFileSync } from "node:fs";
import { VaultError } from "../../src/files/error.ts";
import { Space } from "../../src/files/space.ts";
import { HandClock } from "../support/hand-clock.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";

const disk = SmallDisk.mount(64 * 1024);
disk?.[Symbol.dispose]();

test.skipIf(disk === null)("a disk that is full says nothing of another below the same root", () => {
  using small = SmallDisk.mount(64 * 1024)!;
  using folder = new TempFolder();
  const space = new Space({ minFree: 100_000, quota: null }, new HandClock());
  const fds = [small.path, folder.path, small.path].map((path) => openSync(path, "r"));
  try {
    const [full, roomy, again] = fds.map((fd) => space.on(fd));
    expect(() => full?.take(1)).toThrow(VaultError);
    roomy?.take(1);
    expect(() => again?.check(1)).toThrow(VaultError);
  } finally {
    for (const fd of fds) closeSync(fd);
  }
});

test.skipIf(disk === null)("room that is made on a full disk counts at once", () => {
  using small = SmallDisk.mount(64 * 1024)!;
  const path = small.file("large");
  writeFileSync(path, Buffer.alloc(40_000));
  const fd = openSync(small.path, "r");
  try {
    const room = new Space({ minFree: 0, quota: null }, new HandClock()).on(fd);
    expect(() => room.check(40_000)).toThrow(VaultError);
    unlinkSync(path);
    room.check(40_000);
  } finally {
    closeSync(fd);
  }
});
