import { expect, test } from "bun:test";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { TempFolder } from "../support/temp.ts";
import { content } from "../support/tree.ts";
import { Doors, put, store } from "./doors.ts";

test("the empty file, names of 255 bytes, a time in the future, and paths of 5,000 bytes, by both doors", async () => {
  await using doors = await Doors.open();
  using ftp = await doors.ftp();
  using frames = await doors.frames();
  const long = "照".repeat(85);
  expect(Buffer.byteLength(long)).toBe(255);
  const utf8 = (line: string) => Buffer.from(line).toString("latin1");
  for (const name of ["empty", "n".repeat(255), long]) {
    expect(await store(ftp, utf8(`STOR ${name}`), content(0))).toStartWith("226");
    expect(statSync(doors.file(name)).size).toBe(0);
    await ftp.says(utf8(`DELE ${name}`), 250);
    expect(await put(frames, { path: `/${name}`, size: 0 }, Buffer.alloc(0))).toBeNull();
    expect((await ftp.fetches(utf8(`RETR ${name}`))).length).toBe(0);
    expect(await frames.ask({ op: "hash", id: 1, path: `/${name}` })).toMatchObject({ ok: true, bytes: 0 });
  }
  for (const name of ["n".repeat(256), `${long}x`, "x/".repeat(2_040)]) {
    await ftp.epsv();
    expect(await ftp.says(utf8(`STOR ${name}`), 553)).toMatch(/at most|long/);
    await ftp.says(utf8(`MKD ${name}`), 553);
    expect(await frames.ask({ op: "put", id: 1, path: `/${name.replace(/\/$/, "")}`, size: 0 })).toMatchObject({
      error: { code: "bad-path" },
    });
  }
  const tooLong = "x/".repeat(2_500);
  expect(await ftp.says(`MKD ${tooLong}`, 500)).toContain("4096");
  const refused = await frames.ask({ op: "mkdir", id: 1, path: `/${tooLong.slice(0, -1)}` });
  expect(refused).toMatchObject({ error: { code: "bad-path" } });
  const future = Date.UTC(2099, 0, 2, 3, 4, 5);
  expect(await put(frames, { path: "/future", size: 1, mtime: future }, Buffer.from("x"))).toBeNull();
  expect(await ftp.says("MDTM future", 213)).toBe("213 20990102030405");
  expect((await ftp.fetches("LIST")).toString()).toMatch(/Jan +2 +2099 future/);
  await ftp.says("MFMT 21000101000000 future", 213);
  expect(statSync(doors.file("future")).mtimeMs).toBe(Date.UTC(2100, 0, 1));
  expect(doors.names.filter((name) => name.startsWith("."))).toEqual([]);
});

test("no way of writing .. leaves the share, by both doors", async () => {
  using outer = new TempFolder();
  mkdirSync(outer.file("share"));
  writeFileSync(outer.file("secret"), "OUTSIDE");
  await using doors = await Doors.open(["--allow-write"], outer.file("share"));
  using ftp = await doors.ftp();
  using frames = await doors.frames();
  const ways = [
    "../secret",
    "/../secret",
    "/a/../../secret",
    "..\\secret",
    "%2e%2e/secret",
    "/%2e%2e%2fsecret",
    ".../secret",
    "//..//secret",
    "/./../secret",
    "..%c0%afsecret",
  ];
  for (const path of ways) {
    await ftp.epsv();
    expect(await ftp.says(`SIZE ${path}`, 5)).not.toContain("7");
    expect(await ftp.says(`RETR ${path}`, 5)).toMatch(/^55[03] /);
    expect(await ftp.says(`RNFR ${path}`, 5)).toMatch(/^55[03] /);
    const absolute = path.startsWith("/") ? path : `/${path}`;
    for (const op of ["get", "stat", "hash", "remove"]) {
      expect(await frames.ask({ op, id: 1, path: absolute })).toMatchObject({ ok: false });
    }
    await frames.ask({ op: "put", id: 2, path: absolute, size: 0, overwrite: true });
  }
  await ftp.says("CWD ..", 250);
  expect(await ftp.says("PWD", 257)).toContain('"/"');
  expect(readFileSync(outer.file("secret"), "utf8")).toBe("OUTSIDE");
});

test("unfinished uploads of one address are counted by all doors, and one more is refused", async () => {
  await using doors = await Doors.open(["--allow-upload"]);
  for (let begun = 0; begun < 256; begun += 32) {
    using frames = await doors.frames();
    for (let i = 1; i <= 32; i++) {
      await frames.ask({ op: "put", id: i, path: `/f${begun + i}`, size: 10, mtime: 1 });
      await frames.put(i, 0, Buffer.from("x"));
    }
    await frames.ask({ op: "list", id: 0, path: "/" });
  }
  await doors.settled();
  expect(doors.names).toHaveLength(256);
  expect(doors.visible).toEqual([]);
  using ftp = await doors.ftp();
  await ftp.epsv();
  await ftp.says("STOR one-more", 452);
  using frames = await doors.frames();
  const refused = await frames.ask({ op: "put", id: 1, path: "/one-more", size: 1 });
  expect(refused).toMatchObject({ error: { code: "too-many" } });
  // Who goes on with one has room again when it is done.
  expect(await put(frames, { path: "/f1", size: 10, mtime: 1, resume: true }, content(10))).toBeNull();
  expect(await store(ftp, "STOR one-more", content(10))).toStartWith("226");
});

test("names that are one in another form of Unicode, or devices elsewhere, take nobody's place", async () => {
  await using doors = await Doors.open(["--allow-upload"]);
  using ftp = await doors.ftp();
  using frames = await doors.frames();
  const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];
  expect(await put(frames, { path: `/${composed}`, size: 1 }, Buffer.from("1"))).toBeNull();
  expect(await put(frames, { path: `/${decomposed}`, size: 1 }, Buffer.from("2"))).toBe("exists");
  await ftp.epsv();
  await ftp.says(Buffer.from(`STOR ${decomposed}`).toString("latin1"), 550);
  expect(doors.names).toEqual([composed]);
  for (const name of ["CON", "nul.txt", "com1", "LPT9.log"]) {
    expect(await put(frames, { path: `/${name}`, size: 1 }, Buffer.from("1"))).not.toBeNull();
    await ftp.says(`MKD ${name}`, 5);
  }
  expect(readFileSync(doors.file(composed), "utf8")).toBe("1");
});
