import { expect, test } from "bun:test";
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import type { Access, Upload } from "../../src/files/access.ts";
import { fileLimits } from "../../src/files/limits.ts";
import { partName } from "../../src/files/parts.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { Share } from "./share.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A share, and somebody who leaves uploads in it. */
class Littered extends Share {
  readonly access: Access;

  constructor(readonly clock = new HandClock()) {
    super({ clock });
    this.access = this.enter();
  }

  part(path: string): string {
    const at = path.lastIndexOf("/") + 1;
    return this.file(path.slice(1, at) + partName({ owner: "address:10.0.0.5", name: path.slice(at) }));
  }

  has(path: string): boolean {
    return existsSync(this.part(path));
  }

  /** The disk's own time is another than that of the clock. */
  setTime(path: string): void {
    utimesSync(this.part(path), this.clock.now() / 1000, this.clock.now() / 1000);
  }

  async leave(path: string): Promise<void> {
    const upload = await this.access.write(path, {});
    upload.write(Buffer.from("x"));
    await upload.keep();
    this.setTime(path);
  }

  async fill(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.leave(`/n${i}`);
  }

  /** An upload of the same owner begins, and is given up. */
  async tryOne(path = "/new"): Promise<string> {
    const upload: Upload | string = await this.access.write(path, {}).catch((error) => error.code as string);
    if (typeof upload === "string") return upload;
    await upload.discard();
    return "begun";
  }

  /** Time passes, and the walk over the tree that it brings is over. */
  async pass(ms: number): Promise<void> {
    await until(() => this.clock.waiting > 0, "the walk to end");
    this.clock.move(ms);
    await until(() => this.clock.waiting > 0, "the next walk to end");
  }
}

test("of 256 unfinished uploads the one that has rested longest gives way, after an hour", async () => {
  await using share = new Littered();
  await share.leave("/first");
  share.clock.move(MINUTE);
  await share.leave("/second");
  await share.fill(254);
  await share.pass(HOUR - MINUTE - 1);
  expect(await share.tryOne()).toBe("too-many");
  expect(share.has("/first")).toBe(true);
  await share.pass(1);
  const other = share.enter(["upload"], { host: "10.0.0.6" });
  await (await other.write("/other", {})).discard();
  expect(share.has("/first")).toBe(true);
  await share.leave("/new");
  expect([share.has("/first"), share.has("/second")]).toEqual([false, true]);
  expect(await share.tryOne("/more")).toBe("too-many");
  expect(share.names().length).toBe(fileLimits.partsOfOne);
});

test("what arrives, was gone on with or asked for does not give way", async () => {
  await using share = new Littered();
  await share.leave("/asked");
  await share.leave("/resumed");
  const arriving = await share.access.write("/arriving", {});
  arriving.write(Buffer.from("x"));
  share.setTime("/arriving");
  share.clock.move(MINUTE);
  await share.fill(253);
  await share.pass(HOUR - MINUTE);
  expect(await share.access.unfinished("/asked")).toBe(1);
  const again = await share.access.write("/resumed", { append: true });
  expect(await share.tryOne()).toBe("too-many");
  await again.keep();
  share.setTime("/resumed");
  expect(await share.tryOne()).toBe("too-many");
  await share.pass(MINUTE);
  expect(await share.tryOne()).toBe("begun");
  expect(["/asked", "/resumed", "/arriving", "/n0"].map((path) => share.has(path))).toEqual([true, true, true, false]);
  await arriving.discard();
});

test("what was asked for with its size and time does not give way", async () => {
  await using share = new Littered();
  const how = { size: 10, mtime: 1_000 };
  const upload = await share.access.write("/asked", how);
  upload.write(Buffer.from("x"));
  await upload.keep();
  const path = share.file(partName({ owner: "address:10.0.0.5", name: "asked", ...how }));
  utimesSync(path, share.clock.now() / 1000, share.clock.now() / 1000);
  share.clock.move(MINUTE);
  await share.fill(255);
  await share.pass(HOUR - MINUTE);
  expect((await share.access.left("/asked", how)).bytes).toBe(1);
  expect(await share.tryOne()).toBe("too-many");
  expect(existsSync(path)).toBe(true);
});

test("what was moved or touched beside tincan stays, and what was deleted makes room at once", async () => {
  await using share = new Littered();
  mkdirSync(share.file("d"));
  for (const path of ["/d/moved", "/touched", "/gone"]) {
    await share.leave(path);
    share.clock.move(1);
  }
  share.clock.move(MINUTE);
  await share.fill(253);
  await share.pass(HOUR - MINUTE);
  renameSync(share.file("d"), share.file("e"));
  mkdirSync(share.file("d"));
  share.setTime("/touched");
  rmSync(share.part("/gone"));
  await share.leave("/new");
  expect(await share.tryOne("/more")).toBe("too-many");
  expect(["/e/moved", "/touched", "/n0", "/n252"].every((path) => share.has(path))).toBe(true);
});
