import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";
import { Doors, put, store } from "./doors.ts";

const MIB = 1024 * 1024;
/** Runs a program as nobody, which root may, where nobody reaches it. */
const AS_NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", TINCAN];
const mayBeNobody = process.getuid?.() === 0 && Bun.spawnSync([...AS_NOBODY, "version"]).exitCode === 0;
const probe = SmallDisk.mount(MIB);
const mayMount = probe !== null;
probe?.[Symbol.dispose]();

describe("a fault is told, leaves nothing half-written under a final name, leaks nothing and lets the CPU idle", () => {
  test.skipIf(!mayMount)("the disk is full", async () => {
    using disk = SmallDisk.mount(2 * MIB);
    if (disk === null) return;
    await using doors = await Doors.open(["--allow-write"], disk.path);
    await doors.twice(async () => {
      using ftp = await doors.ftp();
      expect(await store(ftp, "STOR big", content(4 * MIB))).toMatch(/^452 .*disk is full/);
      using frames = await doors.frames();
      expect(await put(frames, { path: "/other", size: 4 * MIB }, content(4 * MIB))).toBe("no-space");
      expect(doors.visible).toEqual([]);
      // What fitted is kept for later; it would be in the way of the second time.
      for (const name of doors.names) unlinkSync(doors.file(name));
      expect(await store(ftp, "STOR small", content(1000))).toStartWith("226");
      await ftp.says("DELE small", 250);
      await ftp.says("QUIT", 221);
    });
    // By frames the size is announced, and what has no room is not begun.
    await doors.tincan.waitForEvents(
      2,
      ({ event, detail }) => event === "transfer" && String(detail).includes("disk is full"),
    );
  });

  test("a share that is full refuses before a byte is sent, and a client that sends on reads why", async () => {
    await using doors = await Doors.open(["--allow-write", "--quota", "1000000"]);
    using ftp = await doors.ftp();
    await ftp.says("ALLO 1000001", 200);
    const data = await ftp.opens();
    await ftp.says("STOR a", 552);
    data[Symbol.dispose]();
    // Sent in one go, more than the connection takes before it is refused: the reply comes while the client still sends.
    expect(await store(ftp, "STOR a", content(8 * MIB))).toMatch(/^552 .* 1 MB together/);
    for (const name of doors.names) unlinkSync(doors.file(name));
    expect(doors.visible).toEqual([]);
    const told = await doors.tincan.waitForEvent(({ event }) => event === "transfer");
    expect(told).toMatchObject({
      outcome: "broken",
      detail: expect.stringMatching(/^all files here, unfinished ones too, may have 1 MB together, and .* are left$/),
    });
  });

  test("the quota is reached, and neither REST nor APPE (proftpd bug 3649) nor a resume slips past it", async () => {
    await using doors = await Doors.open(["--allow-write", "--quota", "1000000"]);
    await doors.twice(async () => {
      using ftp = await doors.ftp();
      expect(await store(ftp, "STOR a", content(900_000))).toStartWith("226");
      expect(await store(ftp, "APPE a", content(200_000))).toMatch(/^552 .* 1 MB together/);
      await ftp.says("REST 800000", 350);
      expect(await store(ftp, "STOR a", content(400_000))).toStartWith("552");
      expect(await store(ftp, "STOR b", content(200_000))).toStartWith("552");
      using frames = await doors.frames();
      expect(await put(frames, { path: "/c", size: 200_000, resume: true }, content(200_000))).toBe("quota");
      expect(doors.visible).toEqual(["a"]);
      expect(statSync(doors.file("a")).size).toBe(900_000);
      let used = 0;
      for (const name of doors.names) used += statSync(doors.file(name)).size;
      expect(used).toBeLessThanOrEqual(1_000_000);
      // What is left of the others goes when they are begun anew, with what fits.
      await ftp.says("DELE a", 250);
      for (const name of ["a", "b"]) {
        expect(await store(ftp, `STOR ${name}`, content(1))).toStartWith("226");
        await ftp.says(`DELE ${name}`, 250);
      }
      expect(await put(frames, { path: "/c", size: 200_000 }, content(200_000))).toBeNull();
      await ftp.says("DELE c", 250);
      expect(doors.names).toEqual([]);
      await ftp.says("QUIT", 221);
    });
  });

  test("a file, a folder or a part vanishes", async () => {
    await using doors = await Doors.open();
    await doors.twice(async () => {
      mkdirSync(doors.file("d"));
      writeFileSync(doors.file("d/x"), "x");
      using ftp = await doors.ftp();
      using frames = await doors.frames();
      expect(await ftp.says("SIZE d/x", 213)).toBe("213 1");
      rmSync(doors.file("d/x"));
      await ftp.epsv();
      await ftp.says("RETR d/x", 550);
      expect(await frames.ask({ op: "get", id: 1, path: "/d/x" })).toMatchObject({ error: { code: "not-found" } });

      // The folder goes while something is uploaded into it: by both doors it is told, and nothing comes back to life.
      using data = await ftp.opens();
      await ftp.says("STOR d/by-ftp", 150);
      await data.write("some");
      expect(await frames.ask({ op: "put", id: 2, path: "/d/by-frames", size: 4 })).toMatchObject({ ok: true });
      await frames.put(2, 0, Buffer.from("some"));
      rmSync(doors.file("d"), { recursive: true });
      data.halfClose();
      expect(await ftp.readsAny()).toMatch(/^(?:451|550) /);
      expect(await frames.ask({ op: "end", id: 3, of: 2 })).toMatchObject({ ok: false });
      expect(doors.names).toEqual([]);

      // Only the part goes.
      using other = await ftp.opens();
      await ftp.says("STOR lost", 150);
      await other.write("some");
      await until(() => doors.names.some((name) => statSync(doors.file(name)).size === 4), "the part");
      for (const name of doors.names) rmSync(doors.file(name));
      other.halfClose();
      expect(await ftp.readsAny()).toMatch(/^(?:451|550) /);
      expect(doors.names).toEqual([]);
      await ftp.says("QUIT", 221);
    });
  });

  test.skipIf(!mayBeNobody)("permission is taken away from the daemon", async () => {
    using share = new TempFolder();
    chownSync(share.path, 65534, 65534);
    using state = new TempFolder();
    chownSync(state.path, 65534, 65534);
    await using doors = await Doors.open(["--allow-write"], share.path, {
      command: AS_NOBODY,
      state: state.file("state"),
    });
    await doors.twice(async () => {
      writeFileSync(share.file("x"), "x");
      chmodSync(share.file("x"), 0);
      mkdirSync(share.file("closed"), { mode: 0o700 });
      mkdirSync(share.file("fixed"));
      using ftp = await doors.ftp();
      using frames = await doors.frames();
      await ftp.epsv();
      expect(await ftp.says("RETR x", 550)).toContain("permit");
      expect(await ftp.says("LIST closed", 550)).toContain("permit");
      expect(await ftp.says("STOR fixed/y", 550)).toContain("permit");
      for (const [op, path] of [
        ["get", "/x"],
        ["list", "/closed"],
        ["put", "/fixed/y"],
        ["mkdir", "/fixed/z"],
      ] as const) {
        expect(await frames.ask({ op, id: 1, path, size: 1 })).toMatchObject({ error: { code: "denied" } });
      }
      // In the middle of an upload.
      using data = await ftp.opens();
      await ftp.says("STOR y", 150);
      await data.write("some");
      await until(() => doors.names.some((name) => name.startsWith(".tincan")), "the part");
      chownSync(share.path, 0, 0);
      data.halfClose();
      expect(await ftp.readsAny()).toMatch(/^550 .*permit/);
      expect(doors.visible).toEqual(["closed", "fixed", "x"]);
      await ftp.says("QUIT", 221);
      frames.tcp[Symbol.dispose]();
      chownSync(share.path, 65534, 65534);
      for (const name of doors.names) rmSync(doors.file(name), { recursive: true });
    });
  });

  test("the peer is gone in the middle, both ways", async () => {
    await using doors = await Doors.open();
    writeFileSync(doors.file("big"), content(16 * MIB));
    await doors.twice(async () => {
      const ftp = await doors.ftp();
      const down = await ftp.opens();
      await ftp.says("RETR big", 150);
      await down.readExactly(100_000);
      const frames = await doors.frames();
      await frames.send({ op: "get", id: 1, path: "/big" });
      await frames.next();
      const other = await doors.ftp();
      const up = await other.opens();
      await other.says("STOR up", 150);
      await up.write(content(100_000));
      await frames.send({ op: "put", id: 2, path: "/by-frames", size: 4, mtime: 1 });
      await frames.put(2, 0, Buffer.from("so"));
      await until(() => doors.names.filter((name) => name.startsWith(".")).length === 2, "two parts");
      for (const tcp of [down, ftp.control, up, other.control, frames.tcp]) tcp.reset();
      await doors.settled();
      expect(doors.visible).toEqual(["big"]);
    });
    // What had come is still there, once each.
    expect(doors.names.length).toBe(3);
  });
});
