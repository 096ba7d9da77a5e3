import { describe, expect, test } from "bun:test";
import { MemoryDoor } from "./door.ts";

const hello = { op: "hello", v: 1, service: "chat", id: 1 } as const;

describe("a hello", () => {
  test("is answered with all that its sender needs to know", async () => {
    const peer = new MemoryDoor().connect();
    const [answer, ...more] = await peer.ask({ ...hello, name: "ann", room: "#dev", id: 77 });
    expect(answer).toEqual({
      id: 77,
      ok: true,
      v: 1,
      server: "tincan/test",
      service: "chat",
      name: "ann",
      session: expect.stringMatching(/^[\w-]{22}$/),
      rooms: [{ room: "#dev", epoch: expect.stringMatching(/^\w{6}$/), seq: 0, members: 1 }],
      limits: { frame: 1 << 20 },
    });
    expect(more).toEqual([]);
  });

  test("without a name and a room makes a guest in the lobby", async () => {
    const [answer] = await new MemoryDoor().connect().ask(hello);
    expect(answer).toMatchObject({ name: "guest1", rooms: [{ room: "#lobby" }] });
  });

  test("is answered before every event, also when requests came with it", async () => {
    const door = new MemoryDoor();
    const bob = await door.chat("bob");
    const ann = door.connect();
    await ann.say({ ...hello, name: "ann", echo: true }, { op: "say", id: 2, room: "#lobby", text: "hi" });
    await bob.say({ op: "say", room: "#lobby", text: "hi ann" });
    expect(ann.messages()).toMatchObject([
      { id: 1, ok: true },
      { event: "message", from: "ann", seq: 1 },
      { id: 2, ok: true, seq: 1 },
      { event: "message", from: "bob", seq: 2 },
    ]);
  });

  test("tells the smaller of --max-frame and what the header can say", async () => {
    const [small] = await new MemoryDoor({ maxFrame: 5000 }).connect().ask(hello);
    expect(small).toMatchObject({ limits: { frame: 5000 } });
    const [signed] = await new MemoryDoor({ header: "!i", maxFrame: 2 ** 40 }).connect().ask(hello);
    expect(signed).toMatchObject({ limits: { frame: 2 ** 31 - 1 } });
  });

  test("ends the deadlines of those who do not chat", async () => {
    const door = new MemoryDoor();
    const ann = door.connect();
    ann.conn.deadline("idle", 600_000);
    await ann.say(hello);
    expect(ann.conn.deadlines.size).toBe(0);
    const echo = door.connect();
    echo.conn.deadline("idle", 600_000);
    await echo.say({ ...hello, service: "echo" });
    expect([...echo.conn.deadlines.keys()]).toEqual(["idle"]);
  });

  test("that shows a session takes the name back, and the older connection is told", async () => {
    const door = new MemoryDoor();
    const old = door.connect();
    const [first] = await old.ask({ ...hello, name: "ann" });
    await old.say({ op: "join", room: "#dev" });
    const young = door.connect();
    const [second] = await young.ask({ ...hello, session: String(first?.["session"]) });
    expect(second).toMatchObject({ ok: true, name: "ann", session: first?.["session"] });
    expect(second?.["rooms"]).toMatchObject([{ room: "#lobby" }, { room: "#dev" }]);
    expect(old.messages()).toEqual([
      { event: "bye", reason: "replaced", text: "another connection has taken this session" },
    ]);
    expect(old.conn.why).toEqual({ kind: "replaced" });
    old.conn.close();
    expect(door.hub.stats().members).toBe(1);
    expect(await young.ask({ op: "say", id: 5, room: "#dev", text: "back" })).toMatchObject([{ id: 5, ok: true }]);
  });
});

const refused: readonly (readonly [what: string, fields: Record<string, unknown>, code: string])[] = [
  ["without an id", { id: undefined }, "needs-id"],
  ["without a version", { v: undefined }, "bad-request"],
  ["of another version", { v: 2 }, "bad-version"],
  ["without a service", { service: undefined }, "bad-request"],
  ["for a service that there is not", { service: "mail" }, "no-such-service"],
  ["for a service that is no text", { service: ["chat"] }, "bad-request"],
  ["for a service with the name of something that every object has", { service: "toString" }, "no-such-service"],
  ["with a user alone", { user: "ann" }, "bad-request"],
  ["with a password alone", { password: "secret" }, "bad-request"],
  ["with a name that is none", { name: "1st" }, "bad-name"],
  ["with a name that is reserved", { name: "server" }, "name-reserved"],
  ["with a name that is taken", { name: "BOB" }, "name-taken"],
  ["with a name that is no text", { name: 7 }, "bad-request"],
  ["with a room that is none", { room: "dev" }, "bad-room"],
];

describe("a refused hello", () => {
  for (const [what, fields, code] of refused) {
    test(`${what} is ${code}, may be tried again, and is never echoed`, async () => {
      const door = new MemoryDoor();
      await door.chat("bob");
      const peer = door.connect();
      const [answer, ...more] = await peer.ask({ ...hello, ...fields });
      expect(answer).toMatchObject({ ok: false, op: "hello", error: { code } });
      expect(JSON.stringify(answer)).not.toContain("secret");
      expect(more).toEqual([]);
      expect(await peer.ask({ ...hello, name: "ann" })).toMatchObject([{ id: 1, ok: true, name: "ann" }]);
    });
  }

  test("is every one where chat is not allowed", async () => {
    const peer = new MemoryDoor({ allow: { chat: false } }).connect();
    expect(await peer.ask(hello)).toMatchObject([{ error: { code: "denied", message: "chat is not allowed here" } }]);
    expect(await peer.ask({ ...hello, service: "echo" })).toMatchObject([{ ok: true }]);
  });

  test("may be tried again five times", async () => {
    const peer = new MemoryDoor().connect();
    for (let tries = 0; tries <= 4; tries++) await peer.say({ ...hello, name: "server" });
    expect(peer.messages()).toHaveLength(5);
    expect(await peer.ask({ ...hello, name: "ann" })).toMatchObject([{ ok: true }]);

    const stubborn = new MemoryDoor().connect();
    await stubborn.say(...Array.from({ length: 10 }, () => ({ ...hello, name: "server" })));
    const messages = stubborn.messages();
    expect(messages.slice(0, -1)).toHaveLength(6);
    expect(messages.at(-1)).toMatchObject({ event: "bye", reason: "violation" });
    expect(stubborn.conn.why).toMatchObject({ kind: "violation" });
  });

  test("leaves no way to anything but another hello", async () => {
    const door = new MemoryDoor();
    const peer = door.connect();
    await peer.ask({ ...hello, v: 9 });
    const answers = await peer.ask({ op: "say", id: 4, room: "#lobby", text: "hi" });
    expect(answers).toMatchObject([{ id: 4, ok: false, op: "say", error: { code: "hello-first" } }]);
    expect(await peer.ask("plain text")).toMatchObject([{ ok: false, error: { code: "bad-json" } }]);
    expect(door.hub.stats().members).toBe(0);
  });

  test("must be mended within a minute, and requests that are none do not prolong it", async () => {
    const peer = new MemoryDoor().connect();
    await peer.ask({ ...hello, v: 9 });
    for (let i = 0; i < 3; i++) await peer.say({ op: "ping" });
    expect(peer.conn.deadlines.get("handshake")).toBe(60_000);
    expect(peer.conn.deadlineCalls).toBe(1);
    await peer.say({ ...hello, name: "ann" });
    expect(peer.conn.deadlines.size).toBe(0);
  });

  test("that is given up says so", async () => {
    const peer = new MemoryDoor().connect();
    await peer.ask({ ...hello, v: 9 });
    peer.conn.end({ kind: "stall" });
    expect(peer.messages()).toEqual([{ event: "bye", reason: "stall", text: "no hello was granted in time" }]);
  });

  for (const [what, body] of [
    ["broken", '{"op":"hello","v":1,}'],
    ["too large", JSON.stringify({ ...hello, pad: "x".repeat(70_000) })],
    ["too deep", `{"deep":${"[".repeat(9)}${"]".repeat(9)},"op" : "hello"}`],
    ["not UTF-8", Buffer.from('{"op":"hello","name":"\xff"}', "latin1")],
  ] as const) {
    test(`whose JSON is ${what} is bad-json, and not echoed`, async () => {
      const peer = new MemoryDoor().connect();
      expect(await peer.ask(body)).toMatchObject([{ ok: false, error: { code: "bad-json" } }]);
      expect(await peer.ask(hello)).toMatchObject([{ ok: true }]);
    });
  }
});

test("a hello after the hello is refused, and changes nothing", async () => {
  const ann = await new MemoryDoor().chat("ann");
  expect(await ann.ask({ ...hello, name: "eve" })).toMatchObject([{ id: 1, error: { code: "hello-again" } }]);
  expect(await ann.ask({ op: "who", id: 2, room: "#lobby" })).toMatchObject([{ members: ["ann"] }]);
});
