import { describe, expect, test } from "bun:test";
import { readAnnouncement } from "../../../../../protocols/http/page/app/files/announcement.ts";
import { Announcer } from "../../../../../src/announcer.ts";
import { type Reach, waysTo } from "../../../../../src/files/ways.ts";
import { visitor } from "../../../../files/share.ts";
import { HandClock } from "../../../../support/hand-clock.ts";

const WEB: Reach = { host: "10.0.0.5", framed: 8400, ftp: 21, http: "http://10.0.0.5:8480/files" };

/** What the server says of these paths, stored at once. */
function told(paths: readonly string[], reach: Reach = WEB, account: string | null = "ann"): string {
  const clock = new HandClock();
  const said: string[] = [];
  const ways = (path: string) => waysTo(path, reach);
  const announcer = new Announcer({ clock, titleOf: () => "the web", say: (text) => said.push(text), ways });
  for (const path of paths) {
    const entry = { name: path, type: "file", size: 2_000_000, mtime: 0, mode: 0o644, id: "1" } as const;
    const who = { ...visitor(["read"]), account, nick: null };
    announcer.hear({ kind: "stored", path, entry, door: "http", visitor: who });
  }
  clock.move(1_000);
  return said[0] ?? "";
}

describe("what the server tells of uploads", () => {
  test.each([
    "/a.jpg",
    "/photos/my cat.jpg",
    '/says "hi" (2 kB); get it: x',
    "/照片/猫.png",
    "/files/files/a",
    "/100%.txt",
    "/\u202ecod.exe",
    `/${"long ".repeat(40)}end.txt`,
    "/back\\slash 'and' quote.",
  ])("is read with the path: %j", (path) => {
    for (const http of ["http://10.0.0.5:8480/files", "https://[fe80::1]/files/files", "http://h/my/files/x/files"]) {
      const read = readAnnouncement(told([path], { ...WEB, http }));
      expect(read).toEqual({ who: "ann", door: null, size: "2 MB", count: 1, path, name: path.slice(1) });
    }
  });

  test("has no path where the web has no files", () => {
    for (const reach of [
      { ...WEB, http: null },
      { ...WEB, http: null, ftp: null, framed: null },
    ]) {
      const read = readAnnouncement(told(['/a "b".txt'], reach));
      expect(read).toMatchObject({ who: "ann", name: 'a "b".txt', path: null });
    }
  });

  test("may be of many, and of people without a name", () => {
    const paths = Array.from({ length: 12 }, (_, at) => `/${at}`);
    expect(readAnnouncement(told(paths))).toMatchObject({ who: "ann", count: 12, size: "24 MB", path: null });
    expect(readAnnouncement(told(["/a"], WEB, null))).toMatchObject({ door: "the web", path: "/a" });
    const several = readAnnouncement("several people uploaded 20 files (40 MB); /files lists them");
    expect(several).toMatchObject({ who: null, door: null, count: 20 });
  });

  test("is not everything that a notice says", () => {
    for (const line of ["the server stops at noon", "ann uploaded it", 'topic "x" (2 MB)', ""])
      expect(readAnnouncement(line)).toBeNull();
  });

  test("leads nowhere but to what it names", () => {
    const line = 'ann uploaded "a.txt" (2 MB); get it: http://10.0.0.5:8480/files/other.txt';
    expect(readAnnouncement(line)?.path).toBeNull();
    expect(readAnnouncement(line.replace("other", "%zz"))?.path).toBeNull();
  });
});
