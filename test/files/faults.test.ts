import { expect, test } from "bun:test";
import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
} from "node:fs";
import type { Permission } from "../../src/accounts/permission.ts";
import { VaultError } from "../../src/files/error.ts";
import type { Incoming } from "../../src/files/incoming.ts";
import { until } from "../support/deadline.ts";
import { run } from "../support/program.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { listed, refusal, Share, store, visitor } from "./share.ts";

const disk = SmallDisk.mount(64 * 1024);
disk?.[Symbol.dispose]();

test.skipIf(disk === null)(
  "a full disk ends an upload with a reason; what was promised room keeps what fits",
  async () => {
    using small = SmallDisk.mount(64 * 1024)!;
    {
      await using share = new Share({ root: realpathSync(small.path) });
      const access = share.enter();
      const size = 60 * 1024;
      for (const o of [{}, { size }]) {
        const upload = await access.write("/big", o);
        upload.write(Buffer.alloc(40 * 1024));
        small.fill();
        const half = Buffer.alloc(20 * 1024);
        expect(await refusal(Promise.try(() => upload.write(half)))).toBe("no-space");
        await upload.keep();
        small.makeRoom();
        expect(await listed(access)).toEqual([]);
      }
      expect(await access.unfinished("/big")).toBeNull();
      expect((await access.left("/big", { size })).bytes).toBeGreaterThanOrEqual(40 * 1024);
      await (await access.write("/big", { size, resume: true })).discard();
      await store(access, "/small", "fits again");
      expect(readdirSync(small.path)).toEqual(["small"]);
    }
  },
);

test("of a file that nobody can go on with nothing is kept, and what another has left of its name stays", async () => {
  await using share = new Share();
  const access = share.enter();
  const left = await access.write("/a", {});
  left.write(Buffer.from("half"));
  await left.keep();
  const once = await access.write("/a", { once: true });
  once.write(Buffer.from("some"));
  await once.keep();
  expect(await access.unfinished("/a")).toBe(4);
  const more = await access.write("/b", { size: 1 });
  more.write(Buffer.from("x"));
  expect(await refusal(Promise.try(() => more.write(Buffer.from("y"))))).toBe("incomplete");
  await more.keep();
  expect((await access.left("/b", { size: 1 })).bytes).toBe(0);
});

test("what the disk does not take up ends the upload, however often it is asked", async () => {
  await using share = new Share();
  const upload = await share.enter().write("/a", {});
  upload.write(Buffer.from("x"));
  const { part } = (upload as Incoming).spec;
  closeSync(part.fd);
  // fsync(2): EINVAL for a device.
  Object.assign(part, { fd: openSync("/dev/null", "r") });
  await expect(upload.sync()).rejects.toThrow(VaultError);
  expect(upload.transfer.outcome).toBe("failed");
  await expect(upload.commit()).rejects.toThrow(VaultError);
  expect(share.names()).not.toContain("a");
});

test("a file that vanishes, or whose folder does, is not there", async () => {
  await using share = new Share();
  share.put("a", "x");
  const access = share.enter();
  const download = await access.read("/a");
  rmSync(share.file("a"));
  expect(await refusal(access.read("/a"))).toBe("not-found");
  expect(download.changed()).toBe(false);
  download.close("done");
  await access.mkdir("/d");
  const upload = await access.write("/d/x", {});
  upload.write(Buffer.from("x"));
  rmSync(share.file("d"), { recursive: true });
  expect(await refusal(upload.commit())).toBe("not-found");
  expect(share.names()).toEqual([]);
  expect(share.open).toBe(0);
});

test("a delete during a download leaves the download whole", async () => {
  await using share = new Share();
  share.put("a", "0123456789");
  const access = share.enter();
  const download = await access.read("/a");
  await access.remove("/a");
  expect(readFileSync(`/proc/self/fd/${download.fd}`, "utf8")).toBe("0123456789");
  download.close("done");
});

test("empty files, names of 255 bytes, and times in the future are nothing special", async () => {
  await using share = new Share();
  const access = share.enter();
  const name = `${"ü".repeat(127)}x`;
  const upload = await access.write(`/${name}`, { size: 0, mtime: Date.UTC(2090, 0, 1), hash: true });
  const { sha256 } = await upload.commit();
  expect(sha256).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(await access.stat(`/${name}`)).toMatchObject({ name, size: 0, mtime: Date.UTC(2090, 0, 1) });
  await access.setTime(`/${name}`, -5_000);
  expect((await access.stat(`/${name}`)).mtime).toBe(-5_000);
});

test("a GiB is hashed beside the loop, which goes on turning, and a small hash does not wait for it", async () => {
  await using share = new Share();
  share.put("big", "");
  truncateSync(share.file("big"), 1024 ** 3);
  const access = share.enter();
  let turns = 0;
  const beat = setInterval(() => turns++, 1);
  const order: string[] = [];
  const big = access.hash("/big", {}, "sha256").then(() => order.push("big"));
  const small = access.hash("/big", { length: 1_000_000 }, "sha256").then(() => order.push("small"));
  await Promise.all([big, small]);
  clearInterval(beat);
  expect(order).toEqual(["small", "big"]);
  expect(turns).toBeGreaterThan(20);
}, 60_000);

test("a hash ends when its connection does", async () => {
  await using share = new Share();
  share.put("big", "");
  const fd = openSync(share.file("big"), "r+");
  ftruncateSync(fd, 50 * 1024 ** 3);
  const access = share.enter();
  const hash = access.hash("/big", {}, "sha256");
  access.leave();
  expect(await refusal(hash)).toBe("cancelled");
  expect(share.open).toBe(0);
});

test.each(["in the middle", "at the end"])(
  "a permission that is taken away %s of an upload ends it, and nothing is named",
  async (when) => {
    await using share = new Share();
    const rights = new Set<Permission>(["read", "upload"]);
    const access = share.vault.enter({ ...visitor([]), may: (permission) => rights.has(permission) }, "test");
    const upload = await access.write("/a", {});
    upload.write(Buffer.from("half"));
    rights.delete("upload");
    if (when === "in the middle") {
      expect(() => upload.write(Buffer.from("more"))).toThrow("nothing may be added here");
      await upload.keep();
    } else expect(await refusal(upload.commit())).toBe("denied");
    expect(await listed(access)).toEqual([]);
    expect([...share.transfers.running]).toEqual([]);
    rights.add("upload");
    await (await access.write("/a", { append: true })).commit();
    expect(share.read("a")).toBe("half");
  },
);

test("a vault is closed once, however often it is told to", async () => {
  await using share = new Share();
  await Promise.all([share.vault.close(), share.vault.close()]);
  const fd = openSync(share.folder.path, "r");
  await share.vault.close();
  expect(() => closeSync(fd)).not.toThrow();
});

test("a copy that is being made of a file when the vault is closed leaves nothing", async () => {
  await using share = new Share();
  share.put("big", "");
  truncateSync(share.file("big"), 256 * 1024 ** 2);
  const writing = refusal(share.enter().write("/big", { append: true, overwrite: true }));
  await until(() => share.names().length === 2, "the copy");
  await share.vault.close();
  expect(share.names()).toEqual(["big"]);
  expect(await writing).toBe("failed");
  expect(share.names()).toEqual(["big"]);
});

test("nothing is opened for who has left", async () => {
  await using share = new Share();
  share.put("a", "x");
  const access = share.enter();
  access.leave();
  expect(await refusal(access.read("/a"))).toBe("cancelled");
  expect(await refusal(access.page("/", { limit: 1 }))).toBe("cancelled");
  expect(await refusal(access.write("/b", {}).then((upload) => upload.commit()))).toBe("cancelled");
  expect([share.open, share.names()]).toEqual([0, ["a"]]);
});

const setpriv = process.getuid?.() === 0 ? Bun.which("setpriv") : null;

test.skipIf(setpriv === null)("a folder that may be written to, and not read, takes files", async () => {
  // Root may read any.
  const script = `
    import { chmodSync } from "node:fs";
    import { Share, store } from "${import.meta.dir}/share.ts";
    await using share = new Share();
    await share.enter().mkdir("/drop");
    chmodSync(share.file("drop"), 0o333);
    await store(share.enter(["upload"]), "/drop/a", "whole");
    console.log(share.read("drop/a"));
    chmodSync(share.file("drop"), 0o777);
  `;
  const nobody = [setpriv ?? "", "--reuid", "65534", "--clear-groups", process.execPath, "-e", script];
  const { stdout, stderr } = await run(nobody);
  expect({ stdout, stderr }).toEqual({ stdout: "whole\n", stderr: "" });
});
