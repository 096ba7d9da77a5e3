import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { refusal, Share, store } from "./share.ts";

test("whoever deleted its own file may not delete what others store with the same inode", async () => {
  // On a disk that gives inodes away again, as ext4 does.
  await using share = new Share();
  const guest = share.enter(["read", "upload"]);
  const other = share.enter(["read", "upload"], { host: "10.0.0.6" });
  for (let i = 0; i < 20; i++) await store(guest, `/mine${i}`, "x");
  for (let i = 0; i < 20; i++) await guest.remove(`/mine${i}`);
  for (let i = 0; i < 20; i++) await store(other, `/theirs${i}`, "x");
  for (let i = 0; i < 20; i++) expect(await refusal(guest.remove(`/theirs${i}`))).toBe("denied");
});

test("a link that leads to a visitor's own file is not its own", async () => {
  await using share = new Share();
  const guest = share.enter(["read", "upload"]);
  await store(guest, "/mine", "x");
  symlinkSync("mine", share.file("latest"));
  expect(await refusal(guest.remove("/latest"))).toBe("denied");
  expect(await refusal(guest.rename("/latest", "/other"))).toBe("denied");
  await guest.remove("/mine");
  expect(share.names()).toEqual(["latest"]);
});

test("where nobody may upload, whoever may write renames and deletes, and adds nothing", async () => {
  await using share = new Share();
  share.put("a", "old");
  mkdirSync(share.file("d"));
  const access = share.enter(["read", "write"]);
  expect(await refusal(access.write("/new", {}))).toBe("denied");
  expect(await refusal(access.write("/a", { overwrite: true, append: true }))).toBe("denied");
  expect(await refusal(access.mkdir("/e"))).toBe("denied");
  await access.rename("/a", "/b");
  await access.remove("/b");
  expect(share.names()).toEqual(["d"]);
});

test("whatever the mode is set to, the daemon can still read files and use folders", async () => {
  await using share = new Share();
  const guest = share.enter(["read", "upload"]);
  await guest.mkdir("/d");
  await store(guest, "/f", "x");
  await guest.setMode("/d", 0);
  await guest.setMode("/f", 0o7033);
  expect([(await guest.stat("/d")).mode, (await guest.stat("/f")).mode]).toEqual([0o700, 0o433]);
});

test("who may change nothing learns from no refusal what is there", async () => {
  await using share = new Share();
  share.put("there", "x");
  const stranger = share.enter([]);
  for (const path of ["/there", "/missing", "/missing/file", "/there/file"]) {
    const refused = await Promise.all(
      [
        stranger.remove(path),
        stranger.rename(path, "/new"),
        stranger.rename("/new", path),
        stranger.setTime(path, 0),
        stranger.setMode(path, 0),
        stranger.write(path, {}),
        stranger.mkdir(path),
        stranger.read(path),
        stranger.stat(path),
        stranger.page(path, { limit: 1 }),
        stranger.left(path, { size: 1 }),
      ].map(refusal),
    );
    expect([path, ...new Set(refused)]).toEqual([path, "denied"]);
  }
});
