import { describe, expect, test } from "bun:test";
import { Chat } from "./chat.ts";

async function annAndBob() {
  const chat = new Chat();
  const ann = await chat.enter("ann");
  const bob = await chat.enter("bob", ann);
  return { chat, ann, bob };
}

describe("the greeting", () => {
  test("says who you are, names /help, and that nobody is there", async () => {
    const conn = await new Chat().connect();
    expect(conn.take()).toEqual([
      "-- tincan: you are guest1 in #lobby; /nick NAME renames you; /help for more",
      "-- nobody else is here yet",
    ]);
  });

  test("tells who is there, the topic and the last ten messages", async () => {
    const { chat, ann } = await annAndBob();
    await ann.type("/topic tea\n");
    for (let i = 1; i <= 12; i++) await ann.type(`line ${i}\n`);
    const [first, ...rest] = (await chat.connect()).take();
    expect(first).toMatch(/^-- tincan: you are \S+ in #lobby; .*\/help/);
    expect(rest.slice(0, 2)).toEqual(["-- here: ann, bob", "-- topic: tea"]);
    expect(rest[2]).toMatch(/^-- the last 10 messages, since \d{4}-\d\d-\d\d \d\d:\d\d UTC:$/);
    expect(rest.slice(3)).toEqual(Array.from({ length: 10 }, (_, i) => `ann: line ${i + 3}`));
  });

  test("shows what is said at the moment of arrival once", async () => {
    const { chat, ann } = await annAndBob();
    await ann.type("before\n");
    const eve = chat.open();
    await ann.type("at that moment\n");
    await new Promise(setImmediate);
    const seen = eve.take().filter((line) => line.startsWith("ann: "));
    expect(seen.sort()).toEqual(["ann: at that moment", "ann: before"]);
  });

  test("of a full room only counts the others", async () => {
    const chat = new Chat();
    for (let i = 0; i < 30; i++) await chat.connect();
    expect((await chat.connect()).take()[1]).toBe("-- 30 others are here; /who lists them");
  });
});

describe("talking", () => {
  test("others see the name and the line; one's own line is not echoed", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("hello\r\n");
    expect(bob.take()).toEqual(["ann: hello"]);
    expect(ann.take()).toEqual([]);
  });

  test("many lines in one chunk, one in many, and the last without a newline", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("one\ntwo\r\nthr");
    await ann.type("ee\r");
    await ann.type("\0fo");
    await ann.type("ur");
    ann.session?.onPeerEnd?.();
    expect(bob.take()).toEqual(["ann: one", "ann: two", "ann: three", "ann: four"]);
    expect(ann.state).toBe("finishing");
  });

  test("blank lines are ignored, // says a slash, a tab is spaces, typing mistakes are rubbed out", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("\n\r\n   \n//etc/hosts\na\tb\nhelli\bo\n");
    expect(bob.take()).toEqual(["ann: /etc/hosts", "ann: a    b", "ann: hello"]);
    expect(ann.take()).toEqual([]);
  });

  test("comings and goings are told", async () => {
    const { chat, ann, bob } = await annAndBob();
    const eve = await chat.connect();
    expect(ann.take()).toEqual([expect.stringMatching(/^-- guest\d+ joined$/)]);
    await eve.type("/nick eve\n/quit good night\n");
    eve.close();
    expect(ann.take()).toEqual([expect.stringMatching(/^-- guest\d+ is now called eve$/), "-- eve left (good night)"]);
    bob.close({ kind: "peer" });
    expect(ann.take()).toEqual(["-- bob left"]);
  });

  test("a line over 8192 bytes is refused and not said, and the next one is", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type(`${"x".repeat(8193)}\nnext\n`);
    expect(ann.take()).toEqual(["-- that line was too long and was not said; the limit is 8192 bytes"]);
    expect(bob.take()).toEqual(["ann: next"]);
  });

  test("a line of 8192 bytes is complete, and refused by the hub as a message", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type(`${"x".repeat(8192)}\n${"x".repeat(4000)}\n`);
    expect(ann.take()).toEqual([expect.stringMatching(/^-- .*4000/)]);
    expect(bob.take()).toEqual([`ann: ${"x".repeat(4000)}`]);
  });

  test("what drives a terminal is refused or shown, never sent", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("\x1b]0;owned\x07\n\u202eevil\nok\n");
    expect(ann.take()).toEqual([expect.stringMatching(/^-- .*\\x1b/)]);
    expect(bob.take()).toEqual(["ann: \\u202eevil", "ann: ok"]);
  });

  test("invalid UTF-8 is replaced", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type(Uint8Array.of(0x61, 0xc3, 0x28, 0x0a));
    expect(bob.take()).toEqual(["ann: a\ufffd("]);
  });
});

describe("reading", () => {
  test("yields after 64 lines, in order, and handles the rest in later turns", async () => {
    const { ann, bob } = await annAndBob();
    const done = ann.type(Array.from({ length: 150 }, (_, i) => `${i}\n`).join(""));
    expect(bob.take()).toHaveLength(64);
    await done;
    expect(bob.take()).toEqual(Array.from({ length: 86 }, (_, i) => `ann: ${i + 64}`));
  });

  test("answers one command that reads a turn, so that others have theirs", async () => {
    const { ann } = await annAndBob();
    const done = ann.type("/who\n".repeat(200));
    await new Promise(setImmediate);
    expect(ann.take().length).toBeLessThan(100);
    await done;
    expect(ann.take().length).toBeGreaterThan(100);
  });

  test("waits while the flood limit delays, and says every line in order", async () => {
    const clock = new SteppedClock();
    const chat = new Chat(10, clock);
    const ann = await chat.connect();
    const bob = await chat.connect();
    bob.takeBytes();
    let settled = false;
    const done = ann.type(Array.from({ length: 30 }, (_, i) => `${i}\n`).join("")).then(() => {
      settled = true;
    });
    const early = bob.take();
    expect(early.length).toBeLessThan(25);
    while (!settled) {
      clock.step(100);
      await new Promise(setImmediate);
    }
    await done;
    expect([...early, ...bob.take()]).toEqual(Array.from({ length: 30 }, (_, i) => `guest1: ${i}`));
  });

  test("stops for somebody who asks and does not read", async () => {
    const { ann, bob } = await annAndBob();
    ann.freeze();
    const done = ann.type("/help\nstill here\n");
    await new Promise(setImmediate);
    expect(bob.take()).toEqual([]);
    ann.thaw();
    await done;
    expect(bob.take()).toEqual(["ann: still here"]);
  });

  test("a line that was begun has a deadline, which its end clears", async () => {
    const { ann } = await annAndBob();
    await ann.type("whole\n");
    expect(ann.deadlineCalls).toBe(0);
    await ann.type("hal");
    await ann.type("f");
    expect([ann.deadlineCalls, ann.deadlines.get("handshake")]).toEqual([1, 60_000]);
    await ann.type("\nagain");
    expect([ann.deadlineCalls, ann.deadlines.get("handshake")]).toEqual([3, 60_000]);
    expect(ann.session?.buffered).toBe(5);
  });

  test.each([
    ["a line that is too long", "x".repeat(8193), "\n"],
    ["a subnegotiation", Uint8Array.of(255, 250, 31), Uint8Array.of(1, 255, 240)],
  ])("%s has a deadline, which its end clears", async (_, beginning, end) => {
    const { ann } = await annAndBob();
    await ann.type(beginning);
    await ann.type("more");
    expect(ann.deadlineCalls).toBe(1);
    expect(ann.deadlines.get("handshake")).toBe(60_000);
    await ann.type(end);
    expect([ann.deadlineCalls, ann.deadlines.get("handshake") ?? null]).toEqual([2, null]);
  });

  test("telnet's options are refused once, its commands are not said", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type(Uint8Array.of(255, 253, 1, 255, 251, 31, 255));
    await ann.type(Uint8Array.of(253, 1, 0x68, 255, 247, 0x48, 0x69, 0x0d, 0x00));
    expect(ann.takeBytes()).toEqual(Buffer.from([255, 252, 1, 255, 254, 31]));
    expect(bob.take()).toEqual(["ann: Hi"]);
  });
});

describe("endings", () => {
  test("shutdown, a stall and a lost place are told in words", async () => {
    const { ann, bob } = await annAndBob();
    ann.session?.onShutdown?.();
    expect(ann.take()).toEqual(["-- the server is shutting down"]);
    expect(ann.why).toEqual({ kind: "shutdown" });
    expect(String(Buffer.from(bob.session?.farewell?.({ kind: "stall" }) ?? []))).toMatch(/^-- the line .*\r\n$/);
    expect(bob.session?.farewell?.({ kind: "peer" })).toBeUndefined();
  });

  test("nothing that came after /quit is said", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("/quit\nafterthought\nhalf");
    expect(ann.deadlineCalls).toBe(0);
    ann.close();
    expect(ann.take()).toEqual(["-- good-bye"]);
    expect(bob.take()).toEqual(["-- ann left"]);
  });
});

/** A clock that a test moves. */
class SteppedClock {
  private time = 1_800_000_000_000;
  private readonly timers = new Map<() => void, number>();

  now(): number {
    return this.time;
  }

  mono(): number {
    return this.time;
  }

  after(ms: number, fn: () => void): () => void {
    this.timers.set(fn, this.time + ms);
    return () => this.timers.delete(fn);
  }

  step(ms: number): void {
    this.time += ms;
    for (const [fn, at] of [...this.timers]) {
      if (at > this.time || !this.timers.delete(fn)) continue;
      fn();
    }
  }
}
