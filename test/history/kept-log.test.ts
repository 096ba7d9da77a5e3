import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Page, Range } from "../../src/chat/history.ts";
import { chatLimits } from "../../src/chat/limits.ts";
import { Kept } from "./kept.ts";

const texts = (page: Page | null) => page?.events.map(({ text }) => text);
const seqs = (page: Page | null) => page?.events.map(({ seq }) => seq);

describe("what was said", () => {
  test("is there after a restart, and counting and topic go on", async () => {
    await using kept = await Kept.open();
    const first = kept.say("hello");
    kept.say("the topic", "#lobby", "topic");
    kept.say("in #dev", "#dev");
    await kept.restart();
    expect(kept.log.state("#lobby")).toEqual({ epoch: first.epoch, seq: 2, topic: "the topic" });
    const page = await kept.log.read("#lobby", {});
    expect(page.events[0]).toEqual(first);
    expect(page).toMatchObject({ next: null, oldest: 1 });
    expect(kept.say("again")).toMatchObject({ epoch: first.epoch, seq: 3 });
    expect(texts(await kept.log.read("#dev", {}))).toEqual(["in #dev"]);
    expect(kept.log.kept.map(({ name }) => name).sort()).toEqual(["#dev", "#lobby"]);
    expect(kept.log.keptAs("#dev")).toBe("#dev");
  });

  test("comes from the memory at once while that has enough of it", async () => {
    await using kept = await Kept.open();
    for (let n = 1; n <= 450; n++) kept.say(`${n}`);
    expect(seqs(kept.log.read("#lobby", { limit: 2 }) as Page)).toEqual([449, 450]);
    expect(kept.log.read("#lobby", { limit: 2 })).toMatchObject({ next: 449, oldest: 1 });
    expect(seqs(kept.log.read("#lobby", { after: 447 }) as Page)).toEqual([448, 449, 450]);
    expect(kept.log.read("#lobby", { after: 3 })).toBeInstanceOf(Promise);
    expect(seqs(await kept.log.read("#lobby", { before: 3 }))).toEqual([1, 2]);
  });

  test("is read page by page over memory and disk, every event once", async () => {
    await using kept = await Kept.open();
    const before = 130;
    for (let n = 1; n <= before; n++) kept.say(`${n}`);
    await kept.restart();
    const all = before + chatLimits.history + 55;
    for (let n = before + 1; n <= all; n++) kept.say(`${n}`);
    const walk = fc.record({ limit: fc.option(fc.integer({ min: 20, max: 250 })), forward: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(walk, async ({ limit, forward }) => {
        const pages: number[][] = [];
        for (let at: number | null = forward ? 0 : all + 1; at !== null; ) {
          const range: Range = { ...(forward ? { after: at } : { before: at }), ...(limit !== null && { limit }) };
          const page: Page = await kept.log.read("#lobby", range);
          pages.push(page.events.map(({ seq }) => seq));
          at = page.next;
        }
        const numbers = (forward ? pages : pages.reverse()).flat();
        expect(numbers).toEqual(Array.from({ length: all }, (_, i) => i + 1));
      }),
      { numRuns: 30 },
    );
  });

  test("comes in pages of at most 256 KiB", async () => {
    await using kept = await Kept.open();
    for (let n = 1; n <= 300; n++) kept.say("小".repeat(1_333));
    let read = 0;
    for (let before: number | null = 301; before !== null; ) {
      const page: Page = await kept.log.read("#lobby", { before });
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(256 * 1024);
      expect(page.events.length).toBeGreaterThan(0);
      read += page.events.length;
      before = page.next;
    }
    expect(read).toBe(300);
  });
});

describe("a search", () => {
  async function found(kept: Kept, text: string, more: object = {}): Promise<readonly string[] | undefined> {
    return texts(await kept.log.search("#lobby", { text, ...more }));
  }

  test("finds all the words anywhere, in any case, by the index and without it", async () => {
    await using kept = await Kept.open();
    for (const text of ["The meeting is tomorrow", "会议改到明天下午三点", "no meeting today", "go, Ärger", "👍 fine"])
      kept.say(text);
    kept.say("a meeting elsewhere", "#dev");
    expect(await found(kept, "MEETING")).toEqual(["no meeting today", "The meeting is tomorrow"]);
    expect(await found(kept, "tomorrow eeti")).toEqual(["The meeting is tomorrow"]);
    expect(await found(kept, "明天")).toEqual(["会议改到明天下午三点"]);
    expect(await found(kept, "改到明天下")).toEqual(["会议改到明天下午三点"]);
    expect(await found(kept, "议")).toEqual(["会议改到明天下午三点"]);
    expect(await found(kept, "ärger GO")).toEqual(["go, Ärger"]);
    expect(await found(kept, "👍")).toEqual(["👍 fine"]);
    expect(await found(kept, "nowhere")).toEqual([]);
    expect(await found(kept, "zz")).toEqual([]);
  });

  test("takes signs of the index's language as they are", async () => {
    await using kept = await Kept.open();
    for (const text of [
      'say "abc" loud',
      "abc",
      "glob abc*",
      "NEAR(abc xyz)",
      "100% _sure_",
      "it's; --drop",
      "a\\b\\c",
    ])
      kept.say(text);
    expect(await found(kept, '"abc"')).toEqual(['say "abc" loud']);
    expect(await found(kept, "abc*")).toEqual(["glob abc*"]);
    expect(await found(kept, "NEAR(abc xyz)")).toEqual(["NEAR(abc xyz)"]);
    expect(await found(kept, "abc OR nothing")).toEqual([]);
    expect(await found(kept, "-abc")).toEqual([]);
    expect(await found(kept, "text:abc")).toEqual([]);
    expect(await found(kept, "%")).toEqual(["100% _sure_"]);
    expect(await found(kept, "_sure_")).toEqual(["100% _sure_"]);
    expect(await found(kept, "it's; --drop")).toEqual(["it's; --drop"]);
    expect(await found(kept, "\\b\\")).toEqual(["a\\b\\c"]);
    expect(await found(kept, '"')).toEqual(['say "abc" loud']);
  });

  test.each(["meeting", "明天"])("for %p goes on page by page, newest first", async (word) => {
    await using kept = await Kept.open({ maxBytes: 1 << 20 });
    for (let n = 1; n <= 900; n++) kept.say(n % 3 === 0 ? `${word} ${n} ${"x".repeat(60)}` : `${n} ${"y".repeat(60)}`);
    const pages: string[][] = [];
    for (let before: number | undefined; ; ) {
      const page = await kept.log.search("#lobby", { text: word, limit: 70, ...(before !== undefined && { before }) });
      pages.push(page?.events.map(({ text }) => text.split(" ")[1] ?? "") ?? []);
      if (page?.next == null) break;
      before = page.next;
    }
    expect(pages.flat()).toEqual(Array.from({ length: 300 }, (_, i) => `${900 - 3 * i}`));
  });
});

describe("what is kept", () => {
  test("goes when it is too old, from the memory too", async () => {
    await using kept = await Kept.open({ keepMs: 60_000 });
    kept.say("old");
    kept.say("old too", "#dev");
    await kept.log.search("#lobby", { text: "old" });
    kept.clock.move(90_000);
    kept.say("new");
    await kept.log.search("#lobby", { text: "new" });
    kept.clock.move(60_000);
    await until(kept, async () => texts(await kept.log.read("#lobby", {}))?.length === 1);
    expect(await kept.log.read("#lobby", {})).toMatchObject({ events: [{ text: "new", seq: 2 }], oldest: 2 });
    expect(texts(await kept.log.search("#lobby", { text: "old" }))).toEqual([]);
    expect(texts(await kept.log.read("#dev", {}))).toEqual([]);
  });

  test("goes with its room, unless that is the lobby or somebody is in it", async () => {
    await using kept = await Kept.open();
    for (const room of ["#lobby", "#here", "#left"]) kept.say("something", room);
    const { epoch } = kept.log.state("#lobby");
    kept.log.forget("#left");
    expect(kept.log.kept.map(({ name }) => name).sort()).toEqual(["#here", "#left", "#lobby"]);
    kept.clock.move(60_000);
    await kept.restart({ keepMs: 1 });
    await until(kept, async () => kept.log.kept.length === 1);
    expect(kept.log.state("#lobby")).toMatchObject({ epoch, seq: 1 });
    expect(kept.log.state("#left").seq).toBe(0);
    await kept.restart();
    expect(kept.log.kept.map(({ name }) => name)).toEqual(["#lobby"]);
    expect(kept.say("more")).toMatchObject({ epoch, seq: 2 });
  });

  test("is held to its size, the oldest first", async () => {
    const maxBytes = 1 << 20;
    await using kept = await Kept.open({ maxBytes });
    for (let n = 1; n <= 12_000; n++) kept.say(`${n} ${"abcdefgh".repeat(10)}`);
    await kept.log.search("#lobby", { text: "abc", limit: 1 });
    let oldest = 1;
    let same = 0;
    await until(kept, async () => {
      kept.clock.move(60_000);
      const now = (await kept.log.read("#lobby", { limit: 1 })).oldest;
      same = now > 4_000 && now === oldest ? same + 1 : 0;
      oldest = now;
      return same > 50;
    });
    expect(oldest).toBeGreaterThan(4_000);
    expect(oldest).toBeLessThan(11_500);
    expect(seqs(await kept.log.read("#lobby", { after: 0, limit: 1 }))).toEqual([oldest]);
    await kept.log.close();
    // And 200 free pages, at most.
    expect(Bun.file(`${kept.state}/history.db`).size).toBeLessThan(2 * maxBytes);
  });

  test("is held to its size also where there is never a quiet moment", async () => {
    const maxBytes = 1 << 20;
    await using kept = await Kept.open({ maxBytes });
    for (let n = 1; n <= 4_000; n++) {
      kept.say(`${n} ${"abcdefgh".repeat(125)}`);
      if (n % 100 === 0) await kept.log.search("#lobby", { text: "abc", limit: 1 });
    }
    let oldest = 1;
    let same = 0;
    await until(kept, async () => {
      const now = (await kept.log.read("#lobby", { limit: 1 })).oldest;
      same = now > 3_000 && now === oldest ? same + 1 : 0;
      oldest = now;
      return same > 50;
    });
    await kept.log.close();
    expect(Bun.file(`${kept.state}/history.db`).size).toBeLessThan(2 * maxBytes);
  });
});

/** Waits for what the thread does by itself. */
async function until(kept: Kept, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it did not happen; the log has ${kept.told.words.join(" ")}`);
    // Every question to the thread lets it work off what was asked before.
    await kept.log.search("#lobby", { text: "q", limit: 1 });
  }
}
