import { describe, expect, test } from "bun:test";
import type { Message } from "../../support/frames.ts";
import { MemoryDoor } from "./door.ts";

const refusals: readonly (readonly [what: string, request: Message, code: string, says: string])[] = [
  ["an op that there is not", { op: "jion", room: "#x" }, "unknown-op", 'did you mean "join"'],
  ["an op like no other", { op: "frobnicate" }, "unknown-op", "there are say, act"],
  ["an op that is nearly one of files", { op: "lits", path: "/" }, "unknown-op", 'did you mean "list"'],
  ["an op of files where none are shared", { op: "list", path: "/" }, "no-files", "no files are shared here"],
  ["an op that every object has", { op: "constructor" }, "unknown-op", "constructor"],
  ["an op that is a very long text", { op: "x".repeat(5_000) }, "unknown-op", "x"],
  ["an op that could drive a terminal", { op: "\x1b[2J\u202e" }, "unknown-op", "\\x1b[2J\\u202e"],
  ["no op", { room: "#lobby" }, "bad-request", '"op"'],
  ["an op that is no text", { op: 5 }, "bad-request", '"op"'],
  ["a field that is missing", { op: "say", room: "#lobby" }, "bad-request", 'say needs "text", a text'],
  ["a field that is null", { op: "say", room: "#lobby", text: null }, "bad-request", 'say needs "text"'],
  ["a field of another type", { op: "say", room: "#lobby", text: 5 }, "bad-request", '"text" must be a text, not 5'],
  ["a limit of 0", { op: "who", room: "#lobby", limit: 0 }, "bad-request", '"limit" must be a whole number from 1'],
  ["a limit with a fraction", { op: "rooms", limit: 1.5 }, "bad-request", "not 1.5"],
  ["a negative seq", { op: "history", room: "#lobby", after: -1 }, "bad-request", '"after"'],
  ["a seq that is text", { op: "history", room: "#lobby", before: "5" }, "bad-request", '"before"'],
  ["a seq beyond 2^53", { op: "history", room: "#lobby", before: 2 ** 53 }, "bad-request", '"before"'],
  ["what the hub refuses", { op: "say", room: "#nowhere", text: "hi" }, "not-in-room", "join it first"],
  ["a text that is too long", { op: "say", room: "#lobby", text: "x".repeat(4_001) }, "text-too-long", "4001"],
  ["half of a surrogate pair", { op: "say", room: "#lobby", text: "\ud800" }, "bad-text", "surrogate"],
  ["nobody of that name", { op: "tell", to: "nobody_", text: "hi" }, "no-such-member", "nobody_"],
];

describe("a refusal", () => {
  for (const [what, request, code, says] of refusals) {
    test(`of ${what} is ${code}, and the connection lives`, async () => {
      const ann = await new MemoryDoor().chat("ann");
      const [failure, ...more] = await ann.ask({ id: 9, ...request });
      expect(failure).toMatchObject({ id: 9, ok: false, error: { code } });
      const { op, error } = failure as { op?: string; error: { message: string } };
      if (typeof request["op"] === "string") expect(request["op"]).toStartWith(op ?? "?");
      else expect(op).toBeUndefined();
      expect(error.message).toContain(says);
      expect(error.message).not.toMatch(/[\0-\x1f\u202e]|\.$/);
      expect(error.message.length).toBeLessThan(250);
      expect(more).toEqual([]);
      expect(await ann.ask({ op: "ping", id: 1 })).toEqual([{ id: 1, ok: true }]);
    });
  }
});

test("unknown fields are ignored", async () => {
  const ann = await new MemoryDoor().chat("ann");
  const request = '{"op":"say","id":1,"room":"#lobby","text":"hi","colour":"red","seq":9,"__proto__":{"text":"no"}}';
  expect(await ann.ask(request)).toMatchObject([{ id: 1, ok: true, seq: 1 }]);
});

describe("an id", () => {
  for (const id of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
    test(`may be ${id}`, async () => {
      const ann = await new MemoryDoor().chat("ann");
      expect(await ann.ask({ op: "ping", id })).toEqual([{ id, ok: true }]);
    });
  }

  for (const id of [-1, 2 ** 32, 1.5, "1", true, [1], { id: 1 }]) {
    test(`cannot be ${JSON.stringify(id)}`, async () => {
      const ann = await new MemoryDoor().chat("ann");
      const [failure] = await ann.ask({ op: "say", id, room: "#lobby", text: "hi" });
      expect(failure).toMatchObject({ ok: false, op: "say", error: { code: "bad-id" } });
      expect(failure).not.toHaveProperty("id");
      expect(await ann.ask({ op: "history", id: 1, room: "#lobby" })).toMatchObject([{ events: [] }]);
    });
  }

  test("is free again once its request was answered", async () => {
    const ann = await new MemoryDoor().chat("ann");
    await ann.say({ op: "ping", id: 1 }, { op: "ping", id: 1 });
    expect(ann.messages()).toEqual([
      { id: 1, ok: true },
      { id: 1, ok: true },
    ]);
  });
});

describe("without an id", () => {
  const silent: readonly Message[] = [
    { op: "say", room: "#lobby", text: "hi" },
    { op: "act", room: "#lobby", text: "hi" },
    { op: "tell", to: "bob", text: "hi" },
    { op: "join", room: "#dev" },
    { op: "part", room: "#lobby" },
    { op: "name", name: "anna" },
    { op: "topic", room: "#lobby", topic: "hi" },
    { op: "ping" },
    { op: "ping", id: null },
  ];
  for (const request of silent) {
    test(`${JSON.stringify(request)} is done and not answered`, async () => {
      const door = new MemoryDoor();
      await door.chat("bob");
      const ann = await door.chat("ann");
      expect(await ann.ask(request)).toEqual([]);
    });
  }

  for (const request of [
    { op: "who", room: "#lobby" },
    { op: "rooms" },
    { op: "history", room: "#lobby" },
    { op: "topic", room: "#lobby" },
    { op: "topic", room: "#lobby", topic: null },
  ]) {
    test(`${JSON.stringify(request)} is refused, because it only asks`, async () => {
      const ann = await new MemoryDoor().chat("ann");
      expect(await ann.ask(request)).toMatchObject([{ ok: false, op: request.op, error: { code: "needs-id" } }]);
    });
  }

  test("a failure is answered", async () => {
    const ann = await new MemoryDoor().chat("ann");
    const [failure] = await ann.ask({ op: "say", room: "#nowhere", text: "hi" });
    expect(failure).toEqual({
      ok: false,
      op: "say",
      error: { code: "not-in-room", message: 'you are not in "#nowhere"; join it first' },
    });
  });
});

describe("a body that is no JSON object", () => {
  for (const body of ["", "hi", "[]", "null", '"hello"', "{", '{"op":}', `{"a":${"[".repeat(8)}${"]".repeat(8)}}`]) {
    test(`${JSON.stringify(body)} is answered, and the connection lives`, async () => {
      const ann = await new MemoryDoor().chat("ann");
      const [failure] = await ann.ask(body);
      expect(failure).toEqual({ ok: false, error: { code: "bad-json", message: expect.any(String) } });
      expect(await ann.ask({ op: "ping", id: 1 })).toMatchObject([{ ok: true }]);
    });
  }

  test("ten in a row end it", async () => {
    const door = new MemoryDoor();
    const ann = await door.chat("ann");
    for (let i = 0; i < 9; i++) await ann.ask("nonsense");
    expect(await ann.ask({ op: "ping", id: 1 })).toMatchObject([{ ok: true }]);
    await ann.say(...Array.from({ length: 12 }, () => "nonsense"));
    const messages = ann.messages();
    expect(messages).toHaveLength(11);
    expect(messages.at(-1)).toMatchObject({ event: "bye", reason: "violation" });
    ann.conn.close();
    expect(door.hub.stats().members).toBe(0);
  });
});
