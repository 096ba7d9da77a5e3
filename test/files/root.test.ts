import { expect, test } from "bun:test";
import {
  chownSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { run } from "../support/program.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";
import { listed, refusal, Share, store } from "./share.ts";

const disk = SmallDisk.mount(64 * 1024);
disk?.[Symbol.dispose]();
const isRoot = process.getuid?.() === 0;

/** Puts a folder with one file where another was, which is called `old` then. */
function exchange(folder: TempFolder, name: string): void {
  mkdirSync(folder.file("anew"));
  writeFileSync(folder.file(`anew/${name}`), "x");
  renameSync(folder.file("root"), folder.file("old"));
  renameSync(folder.file("anew"), folder.file("root"));
}

function sharedFolder(): TempFolder {
  const folder = new TempFolder();
  mkdirSync(folder.file("root"));
  return folder;
}

test("an upload that began before the root was another one is not stored", async () => {
  using folder = sharedFolder();
  await using share = new Share({ root: folder.file("root") });
  const upload = await share.enter().write("/a", {});
  upload.write(Buffer.from("x"));
  exchange(folder, "b");
  expect(await share.vault.isHealthy()).toBe(true);
  expect(await refusal(upload.commit())).toBe("not-found");
  expect(readdirSync(folder.file("root"))).toEqual(["b"]);
  expect(readdirSync(folder.file("old"))).not.toContain("a");
});

test.skipIf(disk === null)("nor is one over whose folder a disk was mounted", async () => {
  using small = SmallDisk.mount(64 * 1024)!;
  using folder = sharedFolder();
  await using share = new Share({ root: folder.file("root") });
  const upload = await share.enter().write("/a", {});
  upload.write(Buffer.from("x"));
  await run(["mount", "--bind", small.path, folder.file("root")]);
  try {
    expect(await share.vault.isHealthy()).toBe(true);
    expect(await refusal(upload.commit())).toBe("not-found");
  } finally {
    await run(["umount", "-l", folder.file("root")]);
  }
});

test.skipIf(disk === null)("what lies below a mount point is not taken for the disk that was unmounted", async () => {
  for (const below of ["", "/deep"]) {
    using small = SmallDisk.mount(64 * 1024)!;
    using folder = new TempFolder();
    const mount = folder.file("mnt");
    const root = mount + below;
    mkdirSync(root, { recursive: true });
    mkdirSync(small.path + below, { recursive: true });
    writeFileSync(folder.file("secret"), "secret");
    symlinkSync(folder.file("secret"), `${small.path}${below}/link`);
    writeFileSync(`${small.path}${below}/kept`, "x");
    await run(["mount", "--bind", small.path, mount]);
    await using share = new Share({ root });
    const access = share.enter();
    const upload = await access.write("/a", {});
    expect(await share.vault.isHealthy()).toBe(true);
    await run(["umount", "-l", mount]);
    expect(await share.vault.isHealthy()).toBe(false);
    expect(await refusal(store(access, "/b", "x"))).toBe("not-found");
    expect(await refusal(upload.commit())).toBe("not-found");
    // The kernel calls the root of a disk that is mounted nowhere `/`, and all paths lie within that.
    expect(await refusal(access.stat("/link"))).toBe("not-found");
    expect(readdirSync(root)).toEqual([]);
    await run(["mount", "--bind", small.path, mount]);
    try {
      expect(await share.vault.isHealthy()).toBe(true);
      expect(await listed(access)).toEqual(["kept"]);
    } finally {
      await run(["umount", "-l", mount]);
    }
  }
});

test.skipIf(!isRoot)("a folder of somebody else's is not served in place of the root", async () => {
  using folder = sharedFolder();
  await using share = new Share({ root: folder.file("root") });
  rmSync(folder.file("root"), { recursive: true });
  mkdirSync(folder.file("root"));
  chownSync(folder.file("root"), 65_534, 65_534);
  writeFileSync(folder.file("root/a"), "theirs");
  expect(await share.vault.isHealthy()).toBe(false);
  expect(await refusal(share.enter().stat("/a"))).toBe("not-found");
  chownSync(folder.file("root"), 0, 0);
  expect(await share.vault.isHealthy()).toBe(true);
  expect(await listed(share.enter())).toEqual(["a"]);
});

test.skipIf(disk === null || !isRoot)("a disk of somebody else's that was mounted later is served", async () => {
  using small = SmallDisk.mount(64 * 1024)!;
  using folder = sharedFolder();
  const root = realpathSync(folder.file("root"));
  await using share = new Share({ root });
  chownSync(small.path, 65_534, 65_534);
  writeFileSync(small.file("a"), "x");
  await run(["mount", "--bind", small.path, root]);
  try {
    expect(await share.vault.isHealthy()).toBe(true);
    expect(await listed(share.enter())).toEqual(["a"]);
  } finally {
    await run(["umount", "-l", root]);
  }
});
