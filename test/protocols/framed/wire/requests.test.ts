import { describe, expect, test } from "bun:test";
import { frame } from "../../../support/frames.ts";
import { Framed } from "./framed.ts";

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const epoch = expect.stringMatching(/^\w{6}$/);

/** Every request of a member alone in #lobby and its whole answer without id and ok, in the order in which they are made. */
const exchanges: readonly (readonly [string, object, object])[] = [
  ["ping", {}, {}],
  ["say", { room: "#lobby", text: "hi\nthere" }, { epoch, seq: 1, time }],
  ["act", { room: "#lobby", text: "waves" }, { epoch, seq: 2, time }],
  ["topic", { room: "#lobby" }, { topic: "" }],
  ["topic", { room: "#lobby", topic: "tea" }, { topic: "tea", epoch, seq: 3, time }],
  ["topic", { room: "#lobby" }, { topic: "tea" }],
  ["tell", { to: "ann", text: "psst" }, { time }],
  ["join", { room: "#tea" }, { room: "#tea", epoch, seq: 0, members: 1 }],
  [
    "rooms",
    {},
    {
      rooms: [
        { room: "#lobby", epoch, seq: 3, members: 1, topic: "tea" },
        { room: "#tea", epoch, seq: 0, members: 1 },
      ],
      next: null,
    },
  ],
  ["rooms", { limit: 1 }, { rooms: [{ room: "#lobby", epoch, seq: 3, members: 1, topic: "tea" }], next: "#lobby" }],
  ["rooms", { after: "#lobby", limit: 1 }, { rooms: [{ room: "#tea", epoch, seq: 0, members: 1 }], next: null }],
  ["part", { room: "#tea" }, {}],
  ["name", { name: "anna" }, { name: "anna" }],
  ["who", { room: "#lobby" }, { members: ["anna"], next: null }],
  ["who", { room: "#lobby", after: "anna" }, { members: [], next: null }],
  [
    "history",
    { room: "#lobby", after: 1 },
    {
      events: [
        { event: "action", room: "#lobby", from: "ann", text: "waves", time, epoch, seq: 2 },
        { event: "topic", room: "#lobby", from: "ann", text: "tea", time, epoch, seq: 3 },
      ],
      next: null,
      oldest: 1,
    },
  ],
];

describe("every request", () => {
  test("is answered with its id and its fields", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (const [i, [op, fields, answer]] of exchanges.entries()) {
      // One's own private message is an event before its answer.
      await ann.send({ op, id: 100 + i, ...fields });
      if (op === "tell") expect(await ann.receive()).toMatchObject({ event: "private", from: "ann", to: "ann" });
      expect(await ann.receive()).toEqual({ id: 100 + i, ok: true, ...answer });
    }
  });

  test("that returns nothing needed is not answered without an id", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    await ann.send({ op: "say", room: "#lobby", text: "hi" });
    await ann.send({ op: "join", room: "#tea" });
    await ann.send({ op: "topic", room: "#tea", topic: "green" });
    await ann.send({ op: "part", room: "#tea" });
    await ann.send({ op: "name", name: "anna" });
    await ann.send({ op: "ping" });
    await ann.send({ op: "say", room: "#tea", text: "hi" });
    expect(await ann.receive()).toEqual({
      ok: false,
      op: "say",
      error: { code: "not-in-room", message: expect.stringContaining("#tea") },
    });
  });

  for (const [op, fields] of [
    ["who", { room: "#lobby" }],
    ["rooms", {}],
    ["history", { room: "#lobby" }],
    ["topic", { room: "#lobby" }],
  ] as const) {
    test(`${op} returns something and so needs an id`, async () => {
      await using framed = await Framed.open();
      using ann = await framed.member("ann");
      await ann.send({ op, ...fields });
      expect(await ann.receive()).toMatchObject({ ok: false, op, error: { code: "needs-id" } });
    });
  }

  test("ignores unknown fields", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    expect(await ann.request("ping", { colour: "red", __proto__x: 1, nested: { a: [] } })).toEqual({ id: 2, ok: true });
  });
});

describe("ids", () => {
  test("go from 0 to 2^32 - 1", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (const id of [0, 1, 4_294_967_295]) {
      await ann.send({ op: "ping", id });
      expect(await ann.receive()).toEqual({ id, ok: true });
    }
    for (const id of [-1, 4_294_967_296, 1.5, "7", true, [1], {}]) {
      await ann.send({ op: "ping", id });
      const answer = await ann.receive();
      expect(answer).toMatchObject({ ok: false, op: "ping", error: { code: "bad-id" } });
      expect(answer).not.toHaveProperty("id");
    }
  });

  test("may be used again once they were answered", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (let i = 0; i < 3; i++) {
      await ann.send({ op: "ping", id: 7 });
      expect(await ann.receive()).toEqual({ id: 7, ok: true });
    }
  });
});

describe("what is refused", () => {
  const refused = [
    ["an unknown op", { op: "dance" }, "unknown-op"],
    ["an op near another", { op: "sey" }, "unknown-op"],
    ["an op that objects have", { op: "toString" }, "unknown-op"],
    ["an op that is a prototype", { op: "__proto__" }, "unknown-op"],
    ["no op", {}, "bad-request"],
    ["an op of another type", { op: 1 }, "bad-request"],
    ["a missing field", { op: "say", room: "#lobby" }, "bad-request"],
    ["a null field", { op: "say", room: "#lobby", text: null }, "bad-request"],
    ["a field of another type", { op: "say", room: "#lobby", text: ["x"] }, "bad-request"],
    ["a count that is none", { op: "history", room: "#lobby", after: -1 }, "bad-request"],
    ["a fraction", { op: "history", room: "#lobby", limit: 1.5 }, "bad-request"],
    ["a blank text", { op: "say", room: "#lobby", text: " \n" }, "bad-text"],
    ["a control character", { op: "say", room: "#lobby", text: "\u001b[2J" }, "bad-text"],
    ["half a surrogate pair", { op: "say", room: "#lobby", text: "\ud800" }, "bad-text"],
    ["a long text", { op: "say", room: "#lobby", text: "x".repeat(4001) }, "text-too-long"],
    ["a long action in bytes", { op: "act", room: "#lobby", text: "§".repeat(2001) }, "text-too-long"],
    ["a long topic", { op: "topic", room: "#lobby", topic: "x".repeat(391) }, "topic-too-long"],
    ["a room that is none", { op: "join", room: "tea" }, "bad-room"],
    ["a room one is not in", { op: "say", room: "#tea", text: "x" }, "not-in-room"],
    ["a room that is not there", { op: "who", room: "#tea" }, "no-such-room"],
    ["a name that is none", { op: "name", name: "a b" }, "bad-name"],
    ["a reserved name", { op: "name", name: "admin" }, "name-reserved"],
    ["somebody who is not there", { op: "tell", to: "bob", text: "x" }, "no-such-member"],
  ] as const;
  for (const [what, request, code] of refused) {
    test(`${what} is ${code}`, async () => {
      await using framed = await Framed.open();
      using ann = await framed.member("ann");
      await ann.send({ id: 9, ...request });
      const answer = await ann.receive();
      expect(answer).toMatchObject({ id: 9, ok: false, error: { code } });
      const { message } = answer["error"] as { message: string };
      expect(message).toMatch(/^[\x20-\x7e…]+[^.]$/);
      if ("op" in request && typeof request.op === "string") expect(answer["op"]).toBe(request.op);
      expect(await ann.request("ping")).toMatchObject({ ok: true });
    });
  }

  test("an unknown op is told the nearest one", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    const answer = await ann.request("jion", { room: "#tea" });
    expect(answer["error"]).toEqual({ code: "unknown-op", message: expect.stringContaining('did you mean "join"') });
  });

  test("a huge op is not sent back", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    const answer = await ann.request("x".repeat(60_000));
    expect(JSON.stringify(answer).length).toBeLessThan(1000);
  });

  test("texts at their limits are taken", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (const size of [3999, 4000]) {
      expect(await ann.request("say", { room: "#lobby", text: "x".repeat(size) })).toMatchObject({ ok: true });
    }
    for (const size of [389, 390]) {
      expect(await ann.request("topic", { room: "#lobby", topic: "x".repeat(size) })).toMatchObject({ ok: true });
    }
  });
});

describe("JSON", () => {
  /** A ping of exactly so many bytes. */
  const padded = (bytes: number) => {
    const bare = '{"op":"ping","id":1,"pad":""}';
    return bare.replace('""', `"${"x".repeat(bytes - bare.length)}"`);
  };
  /** A ping whose object has so many levels. */
  const nested = (depth: number) => `{"op":"ping","id":1,"x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;

  for (const [what, body, fine] of [
    ["64 KiB less one", padded(65_535), true],
    ["64 KiB", padded(65_536), true],
    ["64 KiB and one", padded(65_537), false],
    ["7 levels", nested(7), true],
    ["8 levels", nested(8), true],
    ["9 levels", nested(9), false],
    ["brackets in a string", `{"op":"ping","id":1,"x":"${"[{".repeat(50)}\\"${"[".repeat(50)}"}`, true],
    [
      "bad UTF-8",
      Buffer.concat([Buffer.from('{"op":"ping","id":1,"x":"'), Uint8Array.of(0xff), Buffer.from('"}')]),
      false,
    ],
    ["two objects", '{"op":"ping","id":1}{}', false],
    ["nothing", "", false],
    ["an array", "[]", false],
    ["null", "null", false],
    ["a number", "7", false],
    ["100,000 brackets", "[".repeat(60_000), false],
  ] as const) {
    test(`${what} is ${fine ? "taken" : "bad-json"}, and the connection lives`, async () => {
      await using framed = await Framed.open();
      using ann = await framed.member("ann");
      await ann.tcp.write(frame(body));
      expect(await ann.receive()).toMatchObject(
        fine ? { id: 1, ok: true } : { ok: false, error: { code: "bad-json" } },
      );
      expect(await ann.request("ping")).toMatchObject({ ok: true });
    });
  }

  test("the words of a refusal hold nothing that could drive a terminal", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    for (const body of ["\u001b]0;x\u0007", '{"op":"\u001b[2J","id":1}', "{\u202e}", '{"op":"\\u001b[2J","id":1}']) {
      await ann.tcp.write(frame(body));
      const { error } = await ann.receive();
      const { message } = error as { message: string };
      expect(message).toMatch(/^[\x20-\x7e…]+$/);
    }
  });

  test("ten bad ones in a row end the connection; a good one between them starts anew", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    const bad = async (count: number) => {
      for (let i = 0; i < count; i++) {
        await ann.tcp.write(frame("{"));
        expect(await ann.receive()).toMatchObject({ ok: false, error: { code: "bad-json" } });
      }
    };
    await bad(9);
    expect(await ann.request("dance")).toMatchObject({ ok: false, error: { code: "unknown-op" } });
    await bad(10);
    expect(await ann.receive()).toMatchObject({ event: "bye", reason: "violation" });
    expect((await ann.tcp.readAll()).length).toBe(0);
    ann.tcp.halfClose();
    await framed.closed("violation");
  });
});
