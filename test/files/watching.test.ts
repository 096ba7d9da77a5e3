import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import type { Fields, Log } from "../../src/log.ts";
import { silentLog } from "../../src/log.ts";
import { Share, store } from "./share.ts";

test("a path as long as may be, in its visitor's home, is told to those who watch all of the share", async () => {
  await using share = new Share();
  const folders = Array.from({ length: 19 }, () => "f".repeat(200));
  const longest = `/${[...folders, "n".repeat(180)].join("/")}`;
  expect(longest).toHaveLength(4_000);
  mkdirSync(share.file(`home/${folders.join("/")}`), { recursive: true });
  const seen: string[] = [];
  share.enter(["read"]).watch("/", ({ kind, path }) => seen.push(`${kind} ${path}`));
  const ann = share.enter(["read", "upload"], { home: "/home" });
  await store(ann, longest, "x");
  await ann.remove(longest);
  expect(seen).toEqual([`stored /home${longest}`, `removed /home${longest}`]);
});

test("a watcher that throws is told to the log, and neither the uploader nor other watchers notice", async () => {
  const faults: Fields[] = [];
  const log: Log = { ...silentLog, error: (event, fields) => faults.push({ event, ...fields }) };
  await using share = new Share({ log });
  const seen: string[] = [];
  share.vault.watch(() => {
    throw new Error("a defect");
  });
  share.vault.watch(({ path }) => seen.push(path));
  const { entry } = await store(share.enter(), "/a", "x");
  expect(entry.size).toBe(1);
  expect(seen).toEqual(["/a"]);
  expect(faults).toEqual([{ event: "watcher-failed", kind: "stored", error: "Error: a defect" }]);
  expect({ open: share.open, running: share.transfers.count }).toEqual({ open: 0, running: 0 });
});
