import { describe, expect, test } from "bun:test";
import { FramedClient, frame, type Message, readFrame } from "../support/frames.ts";
import { lineClient } from "../support/line-user.ts";
import { connect, type TcpClient } from "../support/tcp.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

/** The reason that a peer is told at the end, or null when the connection goes on after a frame of `size` bytes. */
async function afterFrameOf(tincan: Tincan, size: number): Promise<string | null> {
  using client = await connect({ port: tincan.port("framed") });
  await client.write(frame(Buffer.alloc(size, "a")));
  const answer = await readFrame(client);
  if (answer.length === size && answer.equals(Buffer.alloc(size, "A"))) return null;
  await client.readAll();
  client.halfClose();
  expect((await tincan.closed(client.peer))["reason"]).toBe("violation");
  return JSON.parse(answer.toString()).text;
}

describe("a frame", () => {
  test("may have 1 MiB and no byte more", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    const limit = 1024 * 1024;
    expect(await afterFrameOf(tincan, limit - 1)).toBeNull();
    expect(await afterFrameOf(tincan, limit)).toBeNull();
    expect((await afterFrameOf(tincan, limit + 1))?.replaceAll(",", "")).toContain("1048577");
  });

  test("may have --max-frame bytes and no more", async () => {
    await using tincan = await startTincan(["--doors", "framed", "--max-frame", "100"]);
    expect(await afterFrameOf(tincan, 99)).toBeNull();
    expect(await afterFrameOf(tincan, 100)).toBeNull();
    expect(await afterFrameOf(tincan, 101)).toContain("101");
  });

  test("may hold 64 KiB of JSON, 8 levels deep", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    using ann = await FramedClient.chat({ port: tincan.port("framed") }, { name: "ann" });
    const limit = 64 * 1024;
    for (const [size, fits] of [
      [limit - 1, true],
      [limit, true],
      [limit + 1, false],
    ] as const) {
      const empty = JSON.stringify({ op: "ping", id: 7, pad: "" });
      await ann.tcp.write(frame(JSON.stringify({ op: "ping", id: 7, pad: "x".repeat(size - empty.length) })));
      expect((await ann.receive())["ok"]).toBe(fits);
    }
    for (const [depth, fits] of [
      [7, true],
      [8, true],
      [9, false],
    ] as const) {
      const nested = `${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}`;
      await ann.tcp.write(frame(`{"op":"ping","id":8,"deep":${nested}}`));
      expect((await ann.receive())["ok"]).toBe(fits);
    }
  });
});

describe("patience", () => {
  test("ends with the tenth frame in a row that is no JSON; a good one in between begins anew", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    using ann = await FramedClient.chat({ port: tincan.port("framed") }, { name: "ann" });
    const bad = async (times: number) => {
      for (let i = 0; i < times; i++) {
        await ann.tcp.write(frame('{"op":'));
        expect(await ann.receive()).toMatchObject({ ok: false, error: { code: "bad-json" } });
      }
    };
    await bad(9);
    expect(await ann.request("ping")).toMatchObject({ ok: true });
    await bad(10);
    expect(await ann.receive()).toMatchObject({ event: "bye" });
    ann.tcp.halfClose();
    expect(await tincan.closed(ann.tcp.peer)).toMatchObject({ reason: "violation" });
  });

  test("allows a refused hello to be tried five times again", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    for (const refusals of [4, 5, 6]) {
      using client = await FramedClient.connect({ port: tincan.port("framed") });
      for (let i = 0; i < refusals; i++) {
        const refused = await client.request("hello", { v: 1, service: "chat", name: "1bad" });
        expect(refused).toMatchObject({ ok: false, error: { code: "bad-name" } });
      }
      if (refusals === 6) expect(await client.receive()).toMatchObject({ event: "bye" });
      else expect((await client.request("hello", { v: 1, service: "chat", name: `good${refusals}` }))["ok"]).toBe(true);
    }
  });

  test("for silence at the echo door is --echo-idle, in both directions", async () => {
    await using tincan = await startTincan(["--doors", "echo", "--echo-idle", "1s"]);
    using silent = await connect({ port: tincan.port("echo") });
    using talking = await connect({ port: tincan.port("echo") });
    const started = performance.now();
    let idle = false;
    const ended = silent.readAll().finally(() => {
      idle = true;
    });
    while (!idle) await isEchoed(talking);
    await ended;
    expect(performance.now() - started).toBeGreaterThan(900);
    silent.halfClose();
    expect(await tincan.closed(silent.peer)).toMatchObject({ reason: "idle" });
    await isEchoed(talking);
  });
});

describe("a line", () => {
  test("may have 8,192 bytes; a longer one is refused and discarded up to its newline", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    for (const [size, fits] of [
      [8_191, true],
      [8_192, true],
      [8_193, false],
    ] as const) {
      // A private message to a name that nobody has: its refusal names the name only if the line was read at all.
      await ann.user.say(`/msg nobody${size} `.padEnd(size, "x"));
      await ann.user.say("next");
      await bob.user.hears("ann: next");
      const told = ann.tcp.inbox.unread.toString();
      expect(/8[,.]?192/.test(told)).toBe(!fits);
      ann.tcp.inbox.clear();
    }
  });
});

const texts: readonly (readonly [string, string, boolean])[] = [
  ["3,999 bytes", "x".repeat(3_999), true],
  ["4,000 bytes", "x".repeat(4_000), true],
  ["4,000 bytes of two-byte letters", "é".repeat(2_000), true],
  ["4,001 bytes", "x".repeat(4_001), false],
  ["4,001 bytes, 2,001 letters", `${"é".repeat(2_000)}x`, false],
];

describe("a chat message", () => {
  for (const [what, text, fits] of texts) {
    test(`of ${what} is ${fits ? "delivered" : "refused, never cut"}, by line and by frame`, async () => {
      await using tincan = await startTincan(["--doors", "line,framed"]);
      using ann = await lineClient({ port: tincan.port("line") }, "ann");
      using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
      await ann.user.say(text);
      await ann.user.say(`/me ${text}`);
      await ann.user.say("end");
      const heard: Message[] = [];
      do heard.push(await bob.event("message"));
      while (heard.at(-1)?.["text"] !== "end");
      expect(heard.map((event) => event["text"])).toEqual(fits ? [text, "end"] : ["end"]);

      for (const request of [{ op: "say" }, { op: "act" }] as const) {
        const answer = await bob.request(request.op, { room: "#lobby", text });
        expect(answer["ok"]).toBe(fits);
        if (!fits) expect(answer["error"]).toMatchObject({ code: "text-too-long" });
      }
      const told = await bob.request("tell", { to: "ann", text });
      expect(told["ok"]).toBe(fits);
      await bob.request("say", { room: "#lobby", text: "end" });
      const screen = await ann.tcp.readUntil("bob: end\r\n");
      expect(screen.split(text).length - 1).toBe(fits ? 3 : 0);
    });
  }
});

describe("other words of the chat", () => {
  const words: readonly (readonly [string, (size: number) => [string, Message], number, string])[] = [
    ["a topic", (size) => ["topic", { room: "#lobby", topic: "x".repeat(size) }], 390, "topic-too-long"],
    ["a name, in characters", (size) => ["name", { name: "x".repeat(size) }], 32, "bad-name"],
    ["a room", (size) => ["join", { room: `#${"x".repeat(size - 1)}` }], 64, "bad-room"],
  ];
  for (const [what, request, limit, code] of words) {
    test(`${what} may have ${limit}, by frame`, async () => {
      await using tincan = await startTincan(["--doors", "framed"]);
      using ann = await FramedClient.chat({ port: tincan.port("framed") }, { name: "ann" });
      expect(await ann.request(...request(limit - 1))).toMatchObject({ ok: true });
      expect(await ann.request(...request(limit))).toMatchObject({ ok: true });
      expect(await ann.request(...request(limit + 1))).toMatchObject({ ok: false, error: { code } });
    });
  }

  test("a name may have 64 bytes: 21 letters of three bytes, not 22", async () => {
    await using tincan = await startTincan(["--doors", "framed,line"]);
    using ann = await FramedClient.chat({ port: tincan.port("framed") }, { name: "ann" });
    for (const [name, ok] of [
      ["あ".repeat(20), true],
      ["い".repeat(21), true],
      ["う".repeat(22), false],
    ] as const) {
      expect((await ann.request("name", { name }))["ok"]).toBe(ok);
    }
  });

  test("the same limits hold at the line door", async () => {
    await using tincan = await startTincan(["--doors", "framed,line"]);
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    for (const size of [389, 390, 391]) await ann.user.say(`/topic ${"t".repeat(size)}`);
    for (const size of [31, 32, 33]) await ann.user.say(`/nick ${"n".repeat(size)}`);
    for (const size of [63, 64, 65]) await ann.user.say(`/join #${"r".repeat(size - 1)}`);
    await ann.user.say("/join #done");
    const topics = [await bob.event("topic"), await bob.event("topic")];
    expect(topics.map(({ text }) => String(text).length)).toEqual([389, 390]);
    const names = [await bob.event("name"), await bob.event("name")];
    expect(names.map(({ to }) => String(to).length)).toEqual([31, 32]);
    await ann.user.say("/rooms");
    await ann.user.hears("#done");
    const rooms = await bob.request("rooms");
    expect(JSON.stringify(rooms)).not.toContain("r".repeat(64));
  });
});

describe("a room remembers", () => {
  test("its last 200 events", async () => {
    await using tincan = await startTincan(["--doors", "framed", "--chat-rate", "0"]);
    using ann = await FramedClient.chat({ port: tincan.port("framed") }, { name: "ann" });
    for (let said = 1; said <= 201; said++) {
      await ann.request("say", { room: "#lobby", text: `message ${said}` });
      if (said < 199) continue;
      const { events, oldest } = await ann.request("history", { room: "#lobby", limit: 500 });
      const kept = Math.min(said, 200);
      expect(events).toHaveLength(kept);
      expect(oldest).toBe(said - kept + 1);
    }
  });
});

describe("the chat flood limit", () => {
  test("lets a burst of 20 through at once and then 10 a second, late but never lost", async () => {
    await using tincan = await startTincan(["--doors", "framed,line"]);
    using ann = await FramedClient.chat({ port: tincan.port("framed") }, { name: "ann" });
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    const texts = Array.from({ length: 35 }, (_, i) => `message ${i}`);
    const started = performance.now();
    for (const text of texts) await ann.send({ op: "say", room: "#lobby", text });
    await bob.user.hears("ann: message 17");
    expect(performance.now() - started).toBeLessThan(1_000);
    for (const text of texts.slice(18)) expect(await bob.user.hears("ann: ")).toBe(`ann: ${text}`);
    expect(performance.now() - started).toBeGreaterThan(1_400);
  });

  test("is --chat-rate, and 0 is none", async () => {
    await using tincan = await startTincan(["--doors", "line", "--chat-rate", "0"]);
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    const started = performance.now();
    await ann.tcp.write(Array.from({ length: 500 }, (_, i) => `message ${i}\r\n`).join(""));
    await bob.user.hears("ann: message 499");
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("connections", () => {
  const limits = [
    ["of the whole daemon", "--max-connections"],
    ["of one address, on the loopback when told so", "--max-per-address"],
  ] as const;
  for (const [what, flag] of limits) {
    test(`${what} are counted over all doors; who is too many is told, and a place that is free again is given`, async () => {
      await using tincan = await startTincan([flag, "4"]);
      using line = await connect({ port: tincan.port("line") });
      await line.readUntil("/help");
      using echo = await connect({ port: tincan.port("echo") });
      using framed = await connect({ port: tincan.port("framed") });
      using last = await connect({ port: tincan.port("echo") });
      for (const client of [echo, last]) await isEchoed(client);
      await framed.write(frame("x"));
      expect((await readFrame(framed)).toString()).toBe("X");
      for (const door of ["line", "echo", "framed"]) {
        using refused = await connect({ port: tincan.port(door) });
        const words = await refused.readAll();
        expect(words.toString()).toMatch(/busy|full|later|too many/i);
        await tincan.waitForEvent((event) => event.event === "refused" && event["door"] === door);
      }
      last[Symbol.dispose]();
      await tincan.waitForEvent((event) => event.event === "closed" && event["door"] === "echo");
      using next = await connect({ port: tincan.port("echo") });
      await isEchoed(next);
    });
  }
});

async function isEchoed(client: TcpClient): Promise<void> {
  await client.write("here");
  expect((await client.readExactly(4)).toString()).toBe("HERE");
}
