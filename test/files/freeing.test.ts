import { expect, test } from "bun:test";
import { readdirSync, readlinkSync, truncateSync, utimesSync } from "node:fs";
import { partName } from "../../src/files/parts.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { refusal, Share, store } from "./share.ts";

const MIB = 1024 * 1024;
const LARGE = 64 * MIB;

/** Files of a share that have no name and are still open. */
function nameless(share: Share): number {
  const open = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return open.filter((path) => path.startsWith(share.folder.path) && path.endsWith(" (deleted)")).length;
}

function putLarge(share: Share, name: string): string {
  const path = share.put(name, "");
  truncateSync(path, LARGE);
  return path;
}

test("what a large file had is free when it is deleted, replaced or broken off, and nothing stays open", async () => {
  const clock = new HandClock();
  await using share = new Share({ clock, quota: LARGE + MIB });
  const now = clock.now() / 1000;
  utimesSync(putLarge(share, partName({ owner: "a", name: "forgotten" })), now, now - 8 * 24 * 60 * 60);
  const access = share.enter();
  await store(access, "/small", "x");
  await until(() => share.names().length === 1, "the forgotten part to go");
  for (const end of ["remove", "replace", "rename"] as const) {
    const upload = await access.write("/large", { size: LARGE });
    for (let i = 0; i < 64; i++) upload.write(new Uint8Array(MIB));
    await upload.commit();
    expect(await refusal(access.write("/more", { size: MIB }))).toBe("quota");
    if (end === "remove") await access.remove("/large");
    else if (end === "replace") await store(access, "/large", "x", { overwrite: true });
    else await access.rename("/small", "/large", { overwrite: true });
    if (end === "replace") await access.remove("/large");
  }
  const upload = await access.write("/broken", { size: LARGE });
  for (let i = 0; i < 64; i++) upload.write(new Uint8Array(MIB));
  await upload.discard();
  await store(access, "/whole", "x".repeat(MIB - 1));
  expect(share.names()).toEqual(["large", "whole"]);
  await until(() => nameless(share) === 0, "all to be closed");
  expect(share.open).toBe(0);
});

test("a large file that is deleted while it is sent is free when it has been sent", async () => {
  await using share = new Share();
  putLarge(share, "large");
  const access = share.enter();
  const download = await access.read("/large");
  await access.remove("/large");
  await until(() => nameless(share) === 1, "the download alone to have it");
  expect(download.changed()).toBe(false);
  download.close("done");
  await until(() => nameless(share) === 0, "it to be closed");
});

test("of many large files that are deleted at once few are open", async () => {
  await using share = new Share();
  for (let i = 0; i < 100; i++) putLarge(share, `n${i}`);
  const access = share.enter();
  for (let i = 0; i < 100; i++) {
    await access.remove(`/n${i}`);
    expect(nameless(share)).toBeLessThanOrEqual(16);
  }
  await until(() => nameless(share) === 0, "all to be closed");
  expect(share.names()).toEqual([]);
});
