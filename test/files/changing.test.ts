import { expect, test } from "bun:test";
import { linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { listed, refusal, Share, store } from "./share.ts";

test("a link goes by itself, whatever it leads to, and gives no room", async () => {
  await using share = new Share({ quota: 100 });
  const access = share.enter();
  await store(access, "/a", "x".repeat(60));
  await access.mkdir("/d");
  symlinkSync("a", share.file("to-a"));
  symlinkSync("d", share.file("to-d"));
  await access.remove("/to-a");
  await access.remove("/to-d");
  expect(share.names()).toEqual(["a", "d"]);
  expect(await refusal(store(access, "/b", "x".repeat(41)))).toBe("quota");
});

test("a file that has another name gives no room when one of them goes or is replaced", async () => {
  await using share = new Share({ quota: 100 });
  const access = share.enter();
  await store(access, "/a", "x".repeat(60));
  linkSync(share.file("a"), share.file("b"));
  linkSync(share.file("a"), share.file("c"));
  await access.remove("/b");
  await store(access, "/c", "", { overwrite: true });
  expect(await refusal(store(access, "/d", "x".repeat(41)))).toBe("quota");
});

test("names decomposed by another system are replaced, renamed and removed in NFC", async () => {
  await using share = new Share();
  const access = share.enter();
  share.put("e\u0301", "old");
  mkdirSync(share.file("u\u0308"));
  await store(access, "/\u00e9", "new", { overwrite: true });
  expect(await listed(access)).toEqual(["\u00e9", "\u00fc"]);
  expect(await refusal(access.mkdir("/\u00fc"))).toBe("exists");
  await access.rename("/\u00e9", "/\u00fc/a");
  await access.remove("/\u00fc/a");
  await access.remove("/\u00fc", "dir");
  expect(share.names()).toEqual([]);
});

test("no file takes the place of a link to a folder, of a pipe or of a socket; that of a link to a file it does", async () => {
  await using share = new Share();
  const access = share.enter();
  mkdirSync(share.file("d"));
  share.put("a", "old");
  share.put("new", "new");
  symlinkSync("d", share.file("to-d"));
  symlinkSync("a", share.file("to-a"));
  symlinkSync("nowhere", share.file("to-nothing"));
  expect(Bun.spawnSync(["mkfifo", share.file("pipe")]).exitCode).toBe(0);
  for (const path of ["/d", "/to-d", "/pipe"]) {
    expect(await refusal(store(access, path, "x", { overwrite: true }))).toBe("not-a-file");
    expect(await refusal(access.left(path, { size: 1, overwrite: true }))).toBe("not-a-file");
    expect(await refusal(access.rename("/new", path, { overwrite: true }))).toBe("not-a-file");
  }
  expect(lstatSync(share.file("to-d")).isSymbolicLink()).toBe(true);
  expect(lstatSync(share.file("pipe")).isFIFO()).toBe(true);
  for (const path of ["/to-a", "/to-nothing"]) await store(access, path, "x", { overwrite: true });
  expect(readFileSync(share.file("a"), "utf8")).toBe("old");
  expect(share.names()).toEqual(["a", "d", "new", "pipe", "to-a", "to-d", "to-nothing"]);
});
