import { expect, test } from "bun:test";
import type { DataChannel } from "../../../../protocols/ftp/transfer/channel.ts";
import { UploadCargo } from "../../../../protocols/ftp/transfer/upload.ts";
import type { Upload } from "../../../../src/files/access.ts";

/** An upload of which all has come, what was done with it, and the two that it waits for. */
function scene(announced: number | null) {
  const done: string[] = [];
  const look = Promise.withResolvers<void>();
  const disk = Promise.withResolvers<void>();
  const note = <T>(what: string, result: T) => {
    done.push(what);
    return result;
  };
  const upload = {
    received: 5,
    resumable: true,
    transfer: {},
    sync: () => note("sync", disk.promise),
    commit: async () => note("commit", { entry: { size: 5 } }),
    keep: async () => note("keep", undefined),
  } as unknown as Upload;
  const host = { isOpen: true, isDeaf: false, after: () => note("look", look.promise) };
  const ended = { stopped: null, ended: true, isComplete: true, received: 5, closed: Promise.resolve() };
  const cargo = new UploadCargo(host, upload, { path: "/a", ascii: false, announced, opening: "" });
  return { done, look, disk, host, reply: cargo.move(ended as unknown as DataChannel) };
}

test("the disk takes up what has come while it is looked whether the client is still there", async () => {
  const { done, look, disk, reply } = scene(null);
  await new Promise(setImmediate);
  expect(done).toEqual(["look", "sync"]);
  look.resolve();
  await new Promise(setImmediate);
  expect(done).toEqual(["look", "sync"]);
  disk.resolve();
  expect(await reply).toMatchObject({ code: 226 });
  expect(done).toEqual(["look", "sync", "commit"]);
});

test("who has gone meanwhile has its upload kept, however soon it was on the disk", async () => {
  const { done, look, disk, host, reply } = scene(null);
  disk.resolve();
  await new Promise(setImmediate);
  host.isOpen = false;
  look.resolve();
  expect(await reply).toMatchObject({ code: 426 });
  expect(done).toEqual(["look", "sync", "keep"]);
});

test("behind so many commands that the control connection is not read, nothing counts for whole unless its length was announced", async () => {
  for (const [announced, code, does] of [
    [null, 426, "keep"],
    [5, 226, "commit"],
  ] as const) {
    const { done, look, disk, host, reply } = scene(announced);
    host.isDeaf = true;
    disk.resolve();
    look.resolve();
    expect(await reply).toMatchObject({ code });
    expect(done.at(-1)).toBe(does);
  }
});

test("nobody looks where the length was announced", async () => {
  const { done, reply } = scene(5);
  expect(await reply).toMatchObject({ code: 226 });
  expect(done).toEqual(["commit"]);
});
