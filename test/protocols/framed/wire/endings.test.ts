import { describe, expect, test } from "bun:test";
import { until } from "../../../support/deadline.ts";
import { frame, readFrame } from "../../../support/frames.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import type { TcpClient } from "../../../support/tcp.ts";
import { Framed } from "./framed.ts";

async function bye(client: TcpClient): Promise<Record<string, unknown>> {
  const last = JSON.parse((await readFrame(client)).toString());
  expect(last).toEqual({ event: "bye", reason: expect.any(String), text: expect.stringMatching(/[^.]$/) });
  expect((await client.readAll()).length).toBe(0);
  client.halfClose();
  return last;
}

describe("half a frame", () => {
  for (const [what, half] of [
    ["of a header", frame("x").subarray(0, 3)],
    ["of a body", frame("body").subarray(0, 6)],
    ["behind a whole one", Buffer.concat([frame("whole"), frame("x").subarray(0, 1)])],
  ] as const) {
    test(`${what} meets the deadline of 60 s, not before`, async () => {
      const clock = new HandClock();
      await using framed = await Framed.open({ clock });
      using client = await framed.tcp();
      await framed.feed(client, [half]);
      if (half.length > 6) expect((await readFrame(client)).toString()).toBe("WHOLE");
      clock.move(59_000);
      expect(framed.door.stats().open).toBe(1);
      clock.move(3_000);
      expect(await bye(client)).toMatchObject({ reason: "stall" });
      await framed.closed("stall");
    });
  }

  test("that drips does not get more time by dripping", async () => {
    const clock = new HandClock();
    await using framed = await Framed.open({ clock });
    using client = await framed.tcp();
    for (const byte of frame("abcdefgh").subarray(0, 8)) {
      await framed.feed(client, [Uint8Array.of(byte)]);
      clock.move(8_000);
    }
    expect(await bye(client)).toMatchObject({ reason: "stall" });
    await framed.closed("stall");
  });

  test("that is completed in time costs nothing, and the next has its own 60 s", async () => {
    const clock = new HandClock();
    await using framed = await Framed.open({ clock });
    using client = await framed.tcp();
    const bytes = frame("abc");
    for (let i = 0; i < 4; i++) {
      // Each chunk ends one frame and begins the next.
      await framed.feed(client, [
        i === 0 ? bytes.subarray(0, 2) : Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)]),
      ]);
      if (i > 0) expect((await readFrame(client)).toString()).toBe("ABC");
      clock.move(50_000);
    }
    await framed.feed(client, [bytes.subarray(2)]);
    expect((await readFrame(client)).toString()).toBe("ABC");
    clock.move(70_000);
    await client.write(bytes);
    expect((await readFrame(client)).toString()).toBe("ABC");
  });
});

describe("silence", () => {
  test("of ten minutes ends an echo connection", async () => {
    const clock = new HandClock();
    await using framed = await Framed.open({ clock });
    using client = await framed.tcp();
    await client.write(frame("x"));
    await readFrame(client);
    clock.move(590_000);
    expect(framed.door.stats().open).toBe(1);
    clock.move(20_000);
    expect(await bye(client)).toMatchObject({ reason: "idle" });
    await framed.closed("idle");
  });

  test("of a day does not end a member of the chat", async () => {
    const clock = new HandClock();
    await using framed = await Framed.open({ clock });
    using ann = await framed.member("ann");
    clock.move(86_400_000);
    expect(await ann.request("ping")).toMatchObject({ ok: true });
  });
});

describe("last words", () => {
  test("at a shutdown go to echo and chat alike", async () => {
    await using framed = await Framed.open();
    using ann = await framed.member("ann");
    using echo = await framed.tcp();
    await echo.write(frame("x"));
    await readFrame(echo);
    using silent = await framed.tcp();
    await until(() => framed.door.stats().open === 3, "three connections");
    framed.door.suspend();
    const drained = framed.door.drain(framed.runtime.clock.mono() + 5_000);
    for (const client of [ann.tcp, echo, silent]) {
      expect(await bye(client)).toEqual({ event: "bye", reason: "shutdown", text: "the server is shutting down" });
    }
    expect(await drained).toEqual({ killed: 0 });
    expect(framed.hub.stats().members).toBe(0);
  });

  test("to one too many are a frame", async () => {
    await using framed = await Framed.open({ limits: { maxConnections: 1 } });
    using ann = await framed.member("ann");
    using late = await framed.tcp();
    expect(await bye(late)).toMatchObject({ reason: "busy" });
    expect(await ann.request("ping")).toMatchObject({ ok: true });
  });

  test("are in the configured header", async () => {
    await using framed = await Framed.open({ header: "<H", limits: { maxConnections: 1 } });
    using first = await framed.tcp();
    await until(() => framed.door.stats().open === 1, "one connection");
    using late = await framed.tcp();
    const head = await late.readExactly(2);
    const last = JSON.parse((await late.readExactly(head.readUInt16LE())).toString());
    expect(last).toMatchObject({ event: "bye", reason: "busy" });
    expect(first.inbox.ended).toBe(false);
  });

  test("are left out where the header cannot say how long they are", async () => {
    await using framed = await Framed.open({ header: "b", limits: { maxConnections: 1 } });
    using first = await framed.tcp();
    await until(() => framed.door.stats().open === 1, "one connection");
    using late = await framed.tcp();
    const last = await late.readAll();
    expect(last.length === 0 || last[0] === last.length - 1).toBe(true);
    expect(first.inbox.ended).toBe(false);
  });
});

describe("what others are told", () => {
  test("when a member breaks the protocol, is gone, or begins a frame and stalls", async () => {
    const clock = new HandClock();
    await using framed = await Framed.open({ clock });
    using ann = await framed.member("ann");
    using rude = await framed.member("rude");
    await rude.tcp.write(Buffer.from("ffffffff", "hex"));
    expect(await rude.receive()).toMatchObject({ event: "bye", reason: "violation" });
    rude.tcp.halfClose();
    expect(await ann.event("quit")).toMatchObject({ name: "rude", reason: "broke the protocol" });
    using gone = await framed.member("gone");
    gone.tcp.halfClose();
    expect(await ann.event("quit")).toMatchObject({ name: "gone", reason: "" });
    using slow = await framed.member("slow");
    await framed.feed(slow.tcp, [frame("{}").subarray(0, 5)]);
    clock.move(62_000);
    await bye(slow.tcp);
    expect(await ann.event("quit")).toMatchObject({ name: "slow", reason: "connection lost" });
  });
});
