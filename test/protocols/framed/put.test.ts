import { describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { truncateSync } from "node:fs";
import { partName } from "../../../src/files/parts.ts";
import type { Vault } from "../../../src/files/vault.ts";
import type { Message } from "../../support/frames.ts";
import { chunk, MemoryDoor } from "./door.ts";
import { FilesDoor, sha256 } from "./files-door.ts";

const hello = { op: "put", path: "/a", size: 5, id: 7 };
const end = { op: "end", of: 7, id: 8 };
const done = { id: 8, ok: true, size: 5, sha256: sha256("hello") };

test("a put, its chunks and its end may come in one go, and what is asked behind finds the file", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  const stat = { op: "stat", path: "/a", id: 9 };
  await ann.say(
    hello,
    chunk(7, 0, "he"),
    chunk(7, 2, ""),
    chunk(7, 2, "llo"),
    { ...end, sha256: sha256("hello") },
    stat,
  );
  expect(await ann.hear(3)).toMatchObject([{ id: 7, offset: 0, have: sha256("") }, done, { id: 9, ok: true }]);
  expect(files.share.read("a")).toBe("hello");
  expect(files.share.names()).toEqual(["a"]);
});

test("nobody sees a file before its end, and a reader of the old one is not disturbed", async () => {
  await using files = new FilesDoor();
  files.share.put("a", "old");
  const ann = await files.peer();
  await ann.request({ ...hello, overwrite: true });
  await ann.say(chunk(7, 0, "hell"));
  expect(files.share.read("a")).toBe("old");
  expect(await ann.request({ op: "stat", path: "/a", id: 9 })).toMatchObject({ entry: { size: 3 } });
  await ann.say(chunk(7, 4, "o"));
  expect(await ann.request(end)).toEqual(done);
  expect(files.share.read("a")).toBe("hello");
});

test("the file has the time that was said", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  const mtime = 1_767_323_045_678;
  await ann.say({ ...hello, mtime }, chunk(7, 0, "hello"), end);
  await ann.hear(2);
  expect(await ann.request({ op: "stat", path: "/a", id: 9 })).toMatchObject({ entry: { mtime } });
});

describe("resume", () => {
  test("goes on after the connection broke, and proves what is there", async () => {
    await using files = new FilesDoor();
    const bytes = randomBytes(700_000);
    const put = { op: "put", path: "/big", size: bytes.length, mtime: 5, id: 7 };
    const ann = await files.peer();
    await ann.request(put);
    await ann.say(chunk(7, 0, bytes.subarray(0, 262_144)), chunk(7, 262_144, bytes.subarray(262_144, 300_000)));
    ann.conn.close();
    const again = await files.peer();
    const have = sha256(bytes.subarray(0, 300_000));
    expect(await again.request({ ...put, resume: true })).toEqual({ id: 7, ok: true, offset: 300_000, have });
    await again.say(chunk(7, 300_000, bytes.subarray(300_000, 500_000)), chunk(7, 500_000, bytes.subarray(500_000)));
    expect(await again.request({ ...end, sha256: sha256(bytes) })).toMatchObject({ size: 700_000, ok: true });
  });

  for (const [what, other] of [
    ["another size", { size: 6 }],
    ["another time", { mtime: 6 }],
    ["another path", { path: "/b" }],
  ] as const) {
    test(`finds nothing for ${what}`, async () => {
      await using files = new FilesDoor();
      const ann = await files.peer();
      await ann.request({ ...hello, mtime: 5 });
      await ann.say(chunk(7, 0, "he"));
      ann.conn.close();
      const again = await files.peer();
      const answer = await again.request({ ...hello, mtime: 5, ...other, resume: true });
      expect(answer).toEqual({ id: 7, ok: true, offset: 0, have: sha256("") });
    });
  }

  test("is not without a size, where end must say it", async () => {
    await using files = new FilesDoor();
    const pipe = { op: "put", path: "/a", id: 7 };
    const ann = await files.peer();
    await ann.request(pipe);
    await ann.say(chunk(7, 0, "he"));
    ann.conn.close();
    expect(files.share.names()).toEqual([]);
    const again = await files.peer();
    expect(await again.request({ ...pipe, resume: true })).toMatchObject({ offset: 0 });
    await again.say(chunk(7, 0, "hello"));
    expect(await again.request(end)).toMatchObject({ id: 8, ok: false, error: { code: "bad-request" } });
    expect(await again.request({ ...end, size: 5 })).toEqual(done);
  });

  test("takes a put over, whose peer is told once and whose chunks are dropped", async () => {
    await using files = new FilesDoor();
    const [ann, bob] = [await files.peer(), await files.peer()];
    await ann.request(hello);
    await ann.say(chunk(7, 0, "he"));
    expect(await bob.request({ ...hello, resume: true })).toMatchObject({ offset: 2, have: sha256("he") });
    expect(await ann.hear()).toMatchObject([{ id: 7, event: "end", error: { code: "replaced" } }]);
    await ann.say(chunk(7, 2, "XXX"));
    expect(await ann.request(end)).toMatchObject({ id: 8, error: { code: "replaced" } });
    await bob.say(chunk(7, 2, "llo"));
    expect(await bob.request(end)).toEqual(done);
    expect(files.share.read("a")).toBe("hello");
  });
});

test("what came through a pipe is deleted when its end says another size", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  await ann.request({ op: "put", path: "/a", id: 7 });
  await ann.say(chunk(7, 0, "hell"));
  expect(await ann.request({ ...end, size: 5 })).toMatchObject({ id: 8, error: { code: "incomplete" } });
  expect(files.share.names()).toEqual([]);
});

test("an error that is no refusal ends the connection, and nobody else", async () => {
  const failure = new Error("a mistake in the server");
  const enter = () => ({ write: () => Promise.reject(failure), stat: () => Promise.reject(failure), leave() {} });
  const door = new MemoryDoor({ vault: { enter, watch: () => () => {} } as unknown as Vault });
  for (const request of [hello, { op: "stat", path: "/a", id: 1 }]) {
    const [ann, bob] = [door.connect(), door.connect()];
    for (const peer of [ann, bob]) await peer.request({ op: "hello", v: 1, service: "chat", id: 0 });
    await ann.say(request);
    expect(await ann.hear(2)).toContainEqual(expect.objectContaining({ event: "bye", reason: "error" }));
    expect(ann.conn.why).toEqual({ kind: "error", error: failure });
    expect(bob.conn.state).toBe("open");
    for (const { conn } of [ann, bob]) conn.close();
  }
});

describe("what is refused", () => {
  test("a wrong hash deletes what came", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer();
    await ann.request(hello);
    await ann.say(chunk(7, 0, "hallo"));
    const wrong = await ann.request({ ...end, sha256: sha256("hello").toUpperCase() });
    expect(wrong).toMatchObject({ id: 8, ok: false, op: "end", error: { code: "bad-hash" } });
    expect(files.share.names()).toEqual([]);
    expect(await ann.request({ ...hello, resume: true })).toMatchObject({ offset: 0 });
  });

  test("too few bytes are kept, too many are not", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer();
    await ann.request(hello);
    await ann.say(chunk(7, 0, "hell"));
    expect(await ann.request(end)).toMatchObject({ id: 8, error: { code: "incomplete" } });
    expect(await ann.request({ ...hello, resume: true })).toMatchObject({ offset: 4 });
    await ann.say(chunk(7, 4, "oo"));
    expect(await ann.hear()).toMatchObject([{ id: 7, event: "end", error: { code: "incomplete" } }]);
    expect(files.share.names()).toEqual([]);
  });

  for (const [what, offset] of [
    ["a gap", 3],
    ["an overlap", 1],
    ["a lie", 2 ** 53 - 1],
  ] as const) {
    test(`${what} between chunks ends that put alone, and what came before is kept`, async () => {
      await using files = new FilesDoor();
      const ann = await files.peer();
      await ann.request(hello);
      await ann.say(chunk(7, 0, "he"), chunk(7, offset, "l"), chunk(7, 2, "llo"));
      expect(await ann.hear()).toMatchObject([{ id: 7, event: "end", error: { code: "bad-offset" } }]);
      expect(await ann.request({ ...hello, resume: true })).toMatchObject({ id: 7, ok: true, offset: 2 });
      await ann.say(chunk(7, 2, "llo"));
      expect(await ann.request(end)).toEqual(done);
    });
  }

  test("the first end of two has the name; the other is told exists, and leaves nothing", async () => {
    await using files = new FilesDoor();
    const [ann, bob] = [await files.peer(), await files.peer()];
    await ann.request(hello);
    await bob.request(hello);
    await ann.say(chunk(7, 0, "hello"));
    await bob.say(chunk(7, 0, "HELLO"));
    expect(await ann.request(end)).toEqual(done);
    expect(await bob.request(end)).toMatchObject({ id: 8, error: { code: "exists" } });
    expect(files.share.read("a")).toBe("hello");
    expect(files.share.names()).toEqual(["a"]);
  });

  test("with overwrite the last end has it", async () => {
    await using files = new FilesDoor();
    const [ann, bob] = [await files.peer(), await files.peer()];
    await ann.request({ ...hello, overwrite: true });
    await bob.request({ ...hello, overwrite: true });
    await ann.say(chunk(7, 0, "HELLO"));
    await bob.say(chunk(7, 0, "hello"));
    expect(await ann.request(end)).toMatchObject({ ok: true });
    expect(await bob.request(end)).toEqual(done);
    expect(files.share.read("a")).toBe("hello");
  });

  test("a put that was not granted; its chunks and its end cost nothing but words", async () => {
    await using files = new FilesDoor(["read"]);
    const ann = await files.peer();
    await ann.say(hello, chunk(7, 0, "he"), chunk(7, 2, "llo"), end);
    expect(await ann.hear(2)).toMatchObject([
      { id: 7, ok: false, op: "put", error: { code: "denied" } },
      { id: 8, ok: false, op: "end", error: { code: "no-such-transfer" } },
    ]);
    expect(ann.conn.state).toBe("open");
  });

  test("fields that are none", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer();
    const wrong: readonly Message[] = [
      { ...hello, size: -1 },
      { ...hello, size: 1.5 },
      { ...hello, size: 2 ** 53 },
      { ...hello, mtime: "yesterday" },
      { ...hello, path: 5 },
      { ...hello, overwrite: 1 },
      { ...end, of: -1 },
      { ...end, of: 2 ** 32 },
      { ...end, sha256: "abc" },
      { ...end, sha256: `${sha256("")}0` },
    ];
    for (const message of wrong) {
      const code = message["op"] === "put" || message["of"] !== 7 || message["sha256"] ? "bad-request" : "";
      expect(await ann.request(message)).toMatchObject({ ok: false, error: { code } });
    }
  });
});

describe("violations", () => {
  const violations: readonly (readonly [what: string, body: Buffer, says: string])[] = [
    ["for an id that never was", chunk(9, 0, "x"), "no put has it"],
    ["for a stat", chunk(1, 0, "x"), "no put has it"],
    ["at 2^53", chunk(7, 2n ** 53n, "x"), "below 2^53"],
    ["at 2^64 - 1", chunk(7, 2n ** 64n - 1n, "x"), "below 2^53"],
    ["of 262,145 bytes", chunk(7, 0, Buffer.alloc(262_145)), "at most 262144 bytes"],
    ["of half a head", chunk(7, 0, "").subarray(0, 12), "begins with 13 bytes"],
  ];
  for (const [what, body, says] of violations) {
    test(`a chunk ${what} ends the connection, and what came is kept`, async () => {
      await using files = new FilesDoor();
      const ann = await files.peer();
      await ann.request({ op: "stat", path: "/", id: 1 });
      await ann.request({ ...hello, size: 500_000 });
      await ann.say(chunk(7, 0, "he"), body);
      expect(ann.conn.why).toMatchObject({ kind: "violation" });
      const [bye] = ann.messages();
      expect(bye).toMatchObject({ event: "bye", reason: "violation", text: expect.stringContaining(says) });
      ann.conn.close();
      const again = await files.peer();
      expect(await again.request({ ...hello, size: 500_000, resume: true })).toMatchObject({ offset: 2 });
    });
  }

  test("a chunk for a get that runs is one", async () => {
    await using files = new FilesDoor();
    files.share.put("b", randomBytes(3_000_000));
    const ann = await files.peer();
    ann.conn.freeze("files");
    await ann.conn.push(ann.frame({ op: "get", path: "/b", id: 7 }));
    await ann.hear();
    void ann.conn.push(ann.frame(chunk(7, 0, "x")));
    ann.conn.thaw();
    expect(ann.conn.why).toMatchObject({ kind: "violation" });
  });
});

test("a chunk of exactly 262,144 bytes is taken", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  await ann.request({ ...hello, size: 262_144 });
  await ann.say(chunk(7, 0, Buffer.alloc(262_144)));
  expect(await ann.request(end)).toMatchObject({ ok: true, size: 262_144 });
});

test("an id that has ended is free again, and late chunks of it are dropped until then", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  await ann.say(hello, chunk(7, 0, "hello"), end, chunk(7, 5, "late"));
  expect(await ann.hear(2)).toMatchObject([{ id: 7 }, done]);
  await ann.say(chunk(7, 5, "late"), { ...hello, path: "/b" }, chunk(7, 0, "hello"), end);
  expect(await ann.hear(2)).toMatchObject([{ id: 7, ok: true }, done]);
  expect(files.share.read("b")).toBe("hello");
});

test("end twice is answered twice, and done once", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  await ann.say(hello, chunk(7, 0, "hello"), end, { ...end, id: 9 });
  const answers = await ann.hear(3);
  expect(answers).toContainEqual(done);
  expect(answers).toContainEqual(expect.objectContaining({ id: 9, ok: false, op: "end" }));
});

describe("cancel", () => {
  test("deletes what came, and answers behind the end of the put", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer();
    await ann.say(hello, chunk(7, 0, "he"), { op: "cancel", of: 7, id: 9 }, chunk(7, 2, "llo"));
    expect(await ann.hear(3)).toMatchObject([
      { id: 7, ok: true },
      { id: 7, event: "end", error: { code: "cancelled" } },
      { id: 9, ok: true },
    ]);
    expect(files.share.names()).toEqual([]);
  });

  test("of a put that is not granted yet refuses it", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer();
    await ann.say(hello, { op: "cancel", of: 7, id: 9 }, { op: "cancel", of: 7, id: 10 });
    expect(await ann.hear(3)).toMatchObject([
      { id: 10, ok: false, error: { code: "no-such-transfer" } },
      { id: 7, ok: false, op: "put", error: { code: "cancelled" } },
      { id: 9, ok: true },
    ]);
    expect(files.share.names()).toEqual([]);
  });

  test("comes too late for what is getting its name, and for what never was", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer();
    await ann.say(hello, chunk(7, 0, "hello"), end, { op: "cancel", of: 7, id: 9 }, { op: "cancel", of: 99, id: 10 });
    const answers = await ann.hear(4);
    expect(answers).toContainEqual(done);
    for (const id of [9, 10]) {
      expect(answers).toContainEqual(
        expect.objectContaining({ id, error: expect.objectContaining({ code: "no-such-transfer" }) }),
      );
    }
    expect(files.share.read("a")).toBe("hello");
  });
});

test.each([0, 20])("a put that goes on from much is cancelled before that is hashed, %i turns later", async (later) => {
  await using files = new FilesDoor();
  const left = 64 * 1024 ** 3;
  const size = left + 1;
  const part = partName({ owner: "address:127.0.0.1", name: "big", size });
  // A hole, which takes half a minute to hash.
  truncateSync(files.share.put(part, ""), left);
  const ann = await files.peer();
  await ann.say({ op: "put", path: "/big", size, resume: true, id: 1 });
  for (let turns = 0; turns < later; turns++) await new Promise(setImmediate);
  await ann.say({ op: "cancel", of: 1, id: 2 });
  const [refused, cancelled] = await ann.hear(2);
  expect(refused).toMatchObject({ id: 1, ok: false, error: { code: "cancelled" } });
  expect(cancelled).toEqual({ id: 2, ok: true });
  expect(files.share.names()).toEqual([]);
});
