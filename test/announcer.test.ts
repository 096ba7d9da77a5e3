import { expect, test } from "bun:test";
import type { Visitor } from "../src/accounts/visitor.ts";
import { Announcer } from "../src/announcer.ts";
import type { VaultEvent } from "../src/files/vault.ts";
import { visitor } from "./files/share.ts";
import { HandClock } from "./support/hand-clock.ts";

const MB = 1_000_000;

function scene() {
  const clock = new HandClock();
  const said: string[] = [];
  const announcer = new Announcer({
    clock,
    titleOf: (door) => (door === "ftp" ? "FTP" : "frames"),
    say: (text) => said.push(text),
    ways: (path) => [`get ${path}`, `ftp:${path}`],
  });
  const store = (path: string, o: { who?: Partial<Visitor>; door?: string; size?: number } = {}) => {
    const { who = { account: "ann" }, door = "ftp", size = 2 * MB } = o;
    const entry = { name: path, type: "file", size, mtime: 0, mode: 0o644, id: "1" } as const;
    announcer.hear({ kind: "stored", path, entry, door, visitor: { ...visitor(["read"]), ...who } });
  };
  return {
    clock,
    announcer,
    store,
    hears(ms = 1_000) {
      clock.move(ms);
      return said.splice(0);
    },
  };
}

test("says who added what, how large it is and how to get it", () => {
  const { store, hears, clock } = scene();
  store("/photos/cat.jpg");
  expect(hears()).toEqual([
    'ann uploaded "photos/cat.jpg" (2 MB); get it: get /photos/cat.jpg  or  ftp:/photos/cat.jpg',
  ]);
  expect(clock.waiting).toBe(0);
});

test("calls people by their names in the chat or their accounts, and never tells an address", () => {
  const { store, hears } = scene();
  store("/a", { who: { account: "ann", nick: "Annie" }, door: "framed" });
  store("/b", { who: { account: null, nick: null }, door: "ftp" });
  store("/c", { who: { account: null }, door: "framed" });
  const said = hears();
  expect(said.map((line) => line.split(" uploaded")[0])).toEqual(["Annie", "somebody by FTP", "somebody by frames"]);
  expect(said.join()).not.toContain("10.0.0.5");
});

test("escapes names, and keeps quiet about hidden ones and other changes", () => {
  const { store, hears, announcer } = scene();
  store("/\u202ecod.exe");
  expect(hears()[0]).toStartWith('ann uploaded "\\u202ecod.exe"');
  store("/.hidden");
  store("/.git/config");
  for (const kind of ["made", "removed", "renamed"] as const) {
    const event: VaultEvent = { kind, path: "/x", door: "ftp", visitor: visitor(["read"]) };
    announcer.hear(event);
  }
  expect(hears()).toEqual([]);
});

test("five at once are five lines, six are one", () => {
  const { store, hears } = scene();
  for (let i = 0; i < 5; i++) store(`/${i}`);
  expect(hears()).toHaveLength(5);
  for (let i = 0; i < 12; i++) store(`/${i}`, { size: 3 * MB });
  expect(hears()).toEqual(["ann uploaded 12 files (36 MB); /files lists them"]);
});

test("several people's storm has no name", () => {
  const { store, hears } = scene();
  for (let i = 0; i < 20; i++) store(`/${i}`, { who: { account: i === 19 ? "bob" : "ann" } });
  expect(hears()).toEqual(["several people uploaded 20 files (40 MB); /files lists them"]);
});

test("a long storm is told less and less often, and a single file soon again when it is over", () => {
  const { store, hears, clock } = scene();
  let told = 0;
  for (let second = 0; second < 600; second++) {
    for (let i = 0; i < 20; i++) store(`/${second}-${i}`);
    told += hears().length;
  }
  expect(told).toBeLessThan(20);
  hears(300_000);
  expect(clock.waiting).toBe(0);
  store("/one");
  expect(hears()).toHaveLength(1);
});
