import { describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { appendFileSync, renameSync, truncateSync } from "node:fs";
import type { Message } from "../../support/frames.ts";
import { FilesDoor, join, sha256 } from "./files-door.ts";

const get = { op: "get", path: "/a", id: 7 };

test("a get answers, sends the chunks in order, and proves them", async () => {
  await using files = new FilesDoor();
  const bytes = randomBytes(700_000);
  files.share.put("a", bytes);
  const ann = await files.peer();
  await ann.say(get);
  const [answer, ...rest] = await ann.hear(5);
  expect(answer).toMatchObject({ id: 7, ok: true, size: 700_000, mtime: expect.any(Number) });
  expect(join(rest).equals(bytes)).toBe(true);
  expect(rest).toHaveLength(4);
  expect(rest.at(-1)).toEqual({ id: 7, event: "end", bytes: 700_000, sha256: sha256(bytes) });
});

for (const [what, span, from, to] of [
  ["a part", { offset: 100_000, length: 300_000 }, 100_000, 400_000],
  ["the rest", { offset: 699_999 }, 699_999, 700_000],
  ["nothing at the end", { offset: 700_000 }, 700_000, 700_000],
  ["no bytes", { offset: 5, length: 0 }, 5, 5],
  ["more than there is", { offset: 5, length: 2 ** 53 - 1 }, 5, 700_000],
] as const) {
  test(`${what} is sent by its offset in the file, and hashed by itself`, async () => {
    await using files = new FilesDoor();
    const bytes = randomBytes(700_000);
    files.share.put("a", bytes);
    const ann = await files.peer();
    await ann.say({ ...get, ...span });
    const messages = await ann.hear(2 + Math.ceil((to - from) / 262_144));
    const part = bytes.subarray(from, to);
    expect(join(messages, from).equals(part)).toBe(true);
    expect(messages[0]).toMatchObject({ size: 700_000 });
    expect(messages.at(-1)).toEqual({ id: 7, event: "end", bytes: part.length, sha256: sha256(part) });
    await ann.say({ op: "hash", path: "/a", id: 8, ...span });
    expect(await ann.hear()).toEqual([{ id: 8, ok: true, bytes: part.length, sha256: sha256(part) }]);
  });
}

test("without a hash the end has none", async () => {
  await using files = new FilesDoor();
  files.share.put("a", "hello");
  const ann = await files.peer();
  await ann.say({ ...get, hash: "none" });
  expect((await ann.hear(3)).at(-1)).toEqual({ id: 7, event: "end", bytes: 5 });
});

describe("a file that changes", () => {
  for (const [what, change] of [
    ["shrinks", (path: string) => truncateSync(path, 100_000)],
    ["grows", (path: string) => appendFileSync(path, "more")],
  ] as const) {
    for (const hash of ["sha256", "none"]) {
      test(`${what} while it is sent ends in changed (${hash}), and what comes behind is understood`, async () => {
        await using files = new FilesDoor();
        const path = files.share.put("a", randomBytes(3_000_000));
        const ann = await files.peer();
        ann.conn.freeze("files");
        void ann.say({ ...get, hash });
        const messages: Message[] = [...(await ann.hear(2))];
        change(path);
        ann.conn.thaw();
        while (messages.at(-1)?.["event"] !== "end") messages.push(...(await ann.hear()));
        const error = { code: "changed", message: expect.any(String) };
        expect(messages.at(-1)).toEqual({ id: 7, event: "end", error });
        expect(await ann.request({ op: "stat", path: "/", id: 8 })).toMatchObject({ id: 8, ok: true });
      });
    }
  }

  test("is refused to whoever goes on with its old version", async () => {
    await using files = new FilesDoor();
    files.share.put("a", "hello");
    const ann = await files.peer();
    await ann.say(get);
    const [first] = await ann.hear(3);
    await ann.say({ ...get, offset: 2, version: first?.["version"] });
    expect(join(await ann.hear(3), 2).toString()).toBe("llo");
    files.share.put("b", "HELLO");
    renameSync(files.share.file("b"), files.share.file("a"));
    await ann.say({ ...get, offset: 2, version: first?.["version"] });
    expect(await ann.hear()).toMatchObject([{ id: 7, ok: false, op: "get", error: { code: "changed" } }]);
  });

  test("and is replaced is sent as it was", async () => {
    await using files = new FilesDoor();
    const bytes = randomBytes(3_000_000);
    files.share.put("a", bytes);
    const ann = await files.peer();
    ann.conn.freeze("files");
    void ann.say(get);
    const messages: Message[] = [...(await ann.hear(2))];
    files.share.put("b", "other");
    renameSync(files.share.file("b"), files.share.file("a"));
    ann.conn.thaw();
    while (messages.at(-1)?.["event"] !== "end") messages.push(...(await ann.hear()));
    expect(messages.at(-1)).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes) });
  });
});

describe("cancel", () => {
  test("of a get sends no more of it, ends it, and then answers", async () => {
    await using files = new FilesDoor();
    files.share.put("a", randomBytes(30_000_000));
    const ann = await files.peer();
    ann.conn.freeze("files");
    void ann.conn.push(ann.frame(get));
    await ann.hear(2);
    void ann.conn.push(ann.frame({ op: "cancel", of: 7, id: 8 }));
    ann.conn.thaw();
    const messages = await ann.hear(2);
    while (messages.at(-1)?.["id"] !== 8) messages.push(...(await ann.hear()));
    expect(messages.slice(-2)).toMatchObject([
      { id: 7, event: "end", error: { code: "cancelled" } },
      { id: 8, ok: true },
    ]);
    expect(messages.length).toBeLessThan(10);
    expect(files.share.transfers.count).toBe(0);
  });

  test("of a hash answers at once, and of nothing is refused", async () => {
    await using files = new FilesDoor();
    files.share.put("a", "hello");
    const ann = await files.peer();
    await ann.say({ op: "hash", path: "/a", id: 7 }, { op: "cancel", of: 7, id: 8 }, { op: "cancel", of: 7, id: 9 });
    expect(await ann.hear(3)).toMatchObject([
      { id: 7, ok: false, op: "hash", error: { code: "cancelled" } },
      { id: 8, ok: true },
      { id: 9, ok: false, error: { code: "no-such-transfer" } },
    ]);
  });
});

describe("hashes of one connection", () => {
  const inTurn = [
    { op: "hash", path: "/large", id: 7 },
    { op: "hash", path: "/a", id: 8 },
  ];

  test("are taken one after the other", async () => {
    await using files = new FilesDoor();
    files.share.put("a", "hello");
    truncateSync(files.share.put("large", ""), 2 ** 26);
    const ann = await files.peer();
    await ann.say(...inTurn);
    expect(await ann.hear(2)).toMatchObject([
      { id: 7, bytes: 2 ** 26 },
      { id: 8, sha256: sha256("hello") },
    ]);
  });

  test("do not wait for one that was cancelled, which takes minutes", async () => {
    await using files = new FilesDoor();
    files.share.put("a", "hello");
    truncateSync(files.share.put("large", ""), 2 ** 40);
    const ann = await files.peer();
    await ann.say(...inTurn, { op: "stat", path: "/a", id: 9 });
    expect(await ann.hear()).toMatchObject([{ id: 9, ok: true }]);
    await ann.say({ op: "cancel", of: 7, id: 10 });
    expect(await ann.hear(3)).toMatchObject([
      { id: 7, ok: false, error: { code: "cancelled" } },
      { id: 10, ok: true },
      { id: 8, sha256: sha256("hello") },
    ]);
  });
});

test("an id in use is refused to every request, of the chat too, and is free afterwards", async () => {
  await using files = new FilesDoor();
  files.share.put("a", randomBytes(3_000_000));
  const ann = await files.peer("chat", { name: "ann" });
  ann.conn.freeze("files");
  void ann.conn.push(ann.frame(get));
  await ann.hear(2);
  for (const request of [{ op: "ping" }, { op: "stat", path: "/a" }, get, { op: "say", room: "#lobby", text: "hi" }]) {
    void ann.conn.push(ann.frame({ ...request, id: 7 }));
  }
  ann.conn.thaw();
  const messages = await ann.hear(4);
  while (messages.at(-1)?.["event"] !== "end") messages.push(...(await ann.hear()));
  expect(messages.filter(({ ok }) => ok === false)).toMatchObject(
    Array(4).fill({ id: 7, error: { code: "id-in-use" } }),
  );
  expect(await ann.request({ op: "ping", id: 7 })).toEqual({ id: 7, ok: true });
});

test("1,000 gets at once: 64 run, the others are refused, and all descriptors come back", async () => {
  await using files = new FilesDoor();
  files.share.put("a", randomBytes(600_000));
  const ann = await files.peer();
  ann.conn.freeze("files");
  for (let id = 1; id <= 1000; id++) void ann.conn.push(ann.frame({ ...get, id }));
  const messages = await ann.hear(1000 - 64);
  const refused = messages.filter(({ ok }) => ok === false);
  expect(refused).toHaveLength(1000 - 64);
  expect(refused[0]).toMatchObject({ id: 65, error: { code: "too-many-transfers" } });
  expect(files.share.transfers.count).toBe(64);
  ann.conn.thaw();
  let ended = messages.filter(({ event }) => event === "end").length;
  while (ended < 64) ended += (await ann.hear()).filter(({ bytes }) => bytes === 600_000).length;
  expect(files.share.transfers.count).toBe(0);
  expect(files.share.open).toBe(0);
});

test("a peer that goes in the middle leaves nothing open", async () => {
  await using files = new FilesDoor();
  files.share.put("a", randomBytes(3_000_000));
  const ann = await files.peer();
  ann.conn.freeze("files");
  void ann.say(get, { ...get, id: 8 }, { op: "put", path: "/b", size: 9, id: 9 }, { op: "hash", path: "/a", id: 10 });
  await ann.hear(4);
  ann.conn.close();
  await ann.conn.drained();
  expect([...files.share.transfers.running]).toEqual([]);
});
