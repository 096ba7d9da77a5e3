import { expect, test } from "bun:test";
import { MOST_WATCHES } from "../../../protocols/services/watches.ts";
import { FilesDoor } from "./files-door.ts";

test("whoever watches a folder hears of what others do in it, and of nothing else", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  const bob = await files.peer();
  await bob.request({ op: "mkdir", path: "/photos", id: 1 });
  expect(await ann.request({ op: "watch", path: "/photos", id: 1 })).toEqual({ id: 1, ok: true });
  await bob.request({ op: "mkdir", path: "/music", id: 2 });
  await bob.request({ op: "mkdir", path: "/photos/2026", id: 3 });
  await bob.request({ op: "rename", from: "/photos/2026", to: "/photos/old", id: 4 });
  await bob.request({ op: "rename", from: "/music", to: "/photos/music", id: 5 });
  await bob.request({ op: "rename", from: "/photos/music", to: "/music", id: 6 });
  await bob.request({ op: "remove", path: "/photos/old", id: 7 });
  expect(ann.messages()).toEqual([
    { event: "files", kind: "made", path: "/photos/2026" },
    { event: "files", kind: "renamed", path: "/photos/2026", to: "/photos/old" },
    { event: "files", kind: "stored", path: "/photos/music" },
    { event: "files", kind: "removed", path: "/photos/music" },
    { event: "files", kind: "removed", path: "/photos/old" },
  ]);
  await ann.request({ op: "unwatch", path: "/photos", id: 2 });
  await bob.request({ op: "mkdir", path: "/photos/new", id: 8 });
  expect(ann.messages()).toEqual([]);
});

test("what was stored is told with its entry, to chat as to files", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer("chat", { name: "ann" });
  const bob = await files.peer();
  await ann.request({ op: "watch", path: "/", id: 1 });
  await bob.say({ op: "put", path: "/a.txt", size: 0, mtime: 1000, id: 1 }, { op: "end", of: 1, size: 0, id: 2 });
  await bob.hear(2);
  const [event] = await ann.hear();
  const entry = { name: "a.txt", type: "file", size: 0, mtime: 1000 };
  expect(event).toEqual({ event: "files", kind: "stored", path: "/a.txt", entry });
});

test("64 paths may be watched, twice the same is one, and one more is refused", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  for (let i = 0; i < MOST_WATCHES; i++) {
    for (const id of [1, 2]) expect(await ann.request({ op: "watch", path: `/${i}`, id })).toEqual({ id, ok: true });
  }
  expect(await ann.request({ op: "watch", path: "/x", id: 3 })).toMatchObject({
    ok: false,
    error: { code: "too-many" },
  });
  await ann.request({ op: "unwatch", path: "/0", id: 4 });
  expect(await ann.request({ op: "watch", path: "/x", id: 5 })).toEqual({ id: 5, ok: true });
});

test("who may not read watches nothing", async () => {
  await using files = new FilesDoor(["upload"]);
  const ann = await files.peer();
  expect(await ann.request({ op: "watch", path: "/", id: 1 })).toMatchObject({ ok: false, error: { code: "denied" } });
});

test("who has gone is told nothing", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  const bob = await files.peer();
  await ann.request({ op: "watch", path: "/", id: 1 });
  ann.conn.close();
  expect(await bob.request({ op: "mkdir", path: "/a", id: 1 })).toEqual({ id: 1, ok: true });
  expect(ann.messages()).toEqual([]);
});
