import { describe, expect, test } from "bun:test";
import { Framed } from "./framed.ts";

describe("hello", () => {
  test("is answered with the name, the session, the room and the limits", async () => {
    await using framed = await Framed.open({ maxFrame: 70_000 });
    using ann = await framed.program();
    const answer = await ann.request("hello", { v: 1, service: "chat", name: "ann", room: "#tea", unknown: [1] });
    expect(answer).toEqual({
      id: 1,
      ok: true,
      v: 1,
      server: "tincan/test",
      service: "chat",
      name: "ann",
      session: expect.stringMatching(/^[\w-]{22}$/),
      rooms: [{ room: "#tea", epoch: expect.stringMatching(/^\w{6}$/), seq: 0, members: 1 }],
      limits: { frame: 70_000 },
    });
    expect(Object.keys(answer).slice(0, 2)).toEqual(["id", "ok"]);
  });

  test("without a name and a room makes a guest in #lobby", async () => {
    await using framed = await Framed.open();
    using guest = await framed.program();
    const answer = await guest.request("hello", { v: 1, service: "chat" });
    expect(answer).toMatchObject({ ok: true, name: "guest1", rooms: [{ room: "#lobby" }] });
  });

  test("is answered before every event, also one of the same chunk", async () => {
    await using framed = await Framed.open();
    using ann = await framed.program();
    await ann.send({ op: "hello", v: 1, service: "chat", name: "ann", echo: true, id: 1 });
    await ann.send({ op: "say", room: "#lobby", text: "hi" });
    expect(await ann.receive()).toMatchObject({ id: 1, ok: true });
    expect(await ann.receive()).toMatchObject({ event: "message", from: "ann", text: "hi", seq: 1 });
  });

  const refused = [
    ["another version", { v: 2, service: "chat" }, "bad-version"],
    ["no version", { service: "chat" }, "bad-request"],
    ["a service that is not there", { v: 1, service: "mail" }, "no-such-service"],
    ["a service of another type", { v: 1, service: 7 }, "bad-request"],
    ["a bad name", { v: 1, service: "chat", name: "1st" }, "bad-name"],
    ["a name of another type", { v: 1, service: "chat", name: 1 }, "bad-request"],
    ["a reserved name", { v: 1, service: "chat", name: "server" }, "name-reserved"],
    ["a bad room", { v: 1, service: "chat", room: "lobby" }, "bad-room"],
    ["an account", { v: 1, service: "chat", user: "ann", password: "x" }, "bad-login"],
  ] as const;
  for (const [what, fields, code] of refused) {
    test(`with ${what} is refused and may be tried again`, async () => {
      await using framed = await Framed.open();
      using ann = await framed.program();
      const answer = await ann.request("hello", fields);
      expect(answer).toEqual({
        id: 1,
        ok: false,
        op: "hello",
        error: { code, message: expect.stringMatching(/[^.]$/) },
      });
      expect(framed.hub.stats().members).toBe(0);
      expect(await ann.request("hello", { v: 1, service: "chat", name: "ann" })).toMatchObject({ ok: true });
      expect(framed.hub.stats().members).toBe(1);
    });
  }

  test("with a name in use is told one that is free", async () => {
    await using framed = await Framed.open();
    using _ = await framed.member("ann");
    using other = await framed.program();
    const answer = await other.request("hello", { v: 1, service: "chat", name: "Ann" });
    expect(answer["error"]).toEqual({ code: "name-taken", message: "Ann is in use; try Ann_" });
  });

  test("never falls back to echo", async () => {
    await using framed = await Framed.open();
    using ann = await framed.program();
    await ann.request("hello", { v: 2, service: "chat" });
    expect(await ann.request("say", { room: "#lobby", text: "x" })).toMatchObject({
      ok: false,
      error: { code: "hello-first" },
    });
  });

  test("may be tried again five times after a refusal; the sixth refusal ends the connection", async () => {
    await using framed = await Framed.open();
    using patient = await framed.program();
    for (let i = 0; i < 5; i++)
      expect(await patient.request("hello", { v: 2, service: "chat" })).toMatchObject({ ok: false });
    expect(await patient.request("hello", { v: 1, service: "chat" })).toMatchObject({ ok: true });
    using stubborn = await framed.program();
    for (let i = 0; i < 6; i++)
      expect(await stubborn.request("hello", { v: 2, service: "chat" })).toMatchObject({ ok: false });
    expect(await stubborn.receive()).toMatchObject({ event: "bye", reason: "violation" });
    expect((await stubborn.tcp.readAll()).length).toBe(0);
  });

  test("is refused when it was accepted before", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    const again = await ann.request("hello", { v: 1, service: "chat", name: "bob" });
    expect(again).toMatchObject({ ok: false, error: { code: "hello-again" } });
    expect(await ann.request("name", { name: "bob" })).toMatchObject({ ok: true });
  });

  test("is denied where its service is", async () => {
    for (const [deny, other] of [
      ["chat", "echo"],
      ["echo", "chat"],
    ] as const) {
      await using framed = await Framed.open({ deny });
      using ann = await framed.program();
      const answer = await ann.request("hello", { v: 1, service: deny });
      expect(answer).toMatchObject({ ok: false, error: { code: "denied" } });
      expect(await ann.request("hello", { v: 1, service: other })).toMatchObject({ ok: true, service: other });
    }
  });
});

describe("a session", () => {
  test("takes the name and the rooms back; the old connection is told and ends as replaced", async () => {
    await using framed = await Framed.open();
    using bob = await framed.member("bob");
    using old = await framed.program();
    const { session } = await old.request("hello", { v: 1, service: "chat", name: "ann" });
    await old.request("join", { room: "#tea" });
    await bob.event("join");
    using ann = await framed.program();
    const answer = await ann.request("hello", { v: 1, service: "chat", session });
    expect(answer).toMatchObject({
      ok: true,
      name: "ann",
      session,
      rooms: [
        { room: "#lobby", members: 2 },
        { room: "#tea", members: 1 },
      ],
    });
    expect(await old.receive()).toMatchObject({ event: "bye", reason: "replaced" });
    expect((await old.tcp.readAll()).length).toBe(0);
    old.tcp.halfClose();
    await framed.closed("replaced");
    // Nobody saw a coming or a going.
    await ann.request("say", { room: "#lobby", text: "back" });
    expect(await bob.receive()).toMatchObject({ event: "message", from: "ann", text: "back" });
    expect(framed.hub.stats().members).toBe(2);
  });

  test("that nobody has is no reason to stay out", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann", { session: "long gone" });
    expect(await ann.request("who", { room: "#lobby" })).toMatchObject({ members: ["ann"] });
  });
});
