import { Database } from "bun:sqlite";
import { describe, expect, spyOn, test } from "bun:test";
import fc from "fast-check";
import type { RoomEvent } from "../../src/chat/event.ts";
import { openHistory } from "../../src/history/open.ts";
import { historyPath } from "../../src/history/path.ts";
import { prune } from "../../src/history/pruning.ts";
import { search } from "../../src/history/searching.ts";
import { Store } from "../../src/history/store.ts";
import { TempFolder } from "../support/temp.ts";

/** So small that a block is full after a few texts. */
const SMALL = 32 * 40;
const START = Date.UTC(2026, 0, 2);

class Shelf implements Disposable {
  readonly folder = new TempFolder();
  readonly said: RoomEvent[] = [];
  store: Store;

  constructor(private readonly mostBytes = SMALL) {
    this.store = this.open();
  }

  /** Says texts in a room, a second apart. */
  say(room: string, ...texts: readonly string[]): void {
    const events = texts.map((text, i): RoomEvent => {
      const seq = this.said.filter((event) => event.room === room).length + 1 + i;
      const time = new Date(START + 1_000 * (this.said.length + i)).toISOString();
      return { event: "message", room, from: "ann", text, time, epoch: "e1", seq };
    });
    this.said.push(...events);
    this.store.write(events);
  }

  /** All that a search finds, page by page. */
  find(room: string, text: string, limit?: number): readonly number[] {
    const found: number[] = [];
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
      const page = search(this.store, { room, text, before, limit });
      found.push(...page.events.map(({ seq }) => seq));
      if (page.next !== null && page.next >= before) throw new Error(`a search from ${before} goes on at ${page.next}`);
      before = page.next;
    }
    return found;
  }

  reopen(): void {
    this.store.close();
    this.store = this.open();
  }

  /** Makes its database one of a tincan that left the accents in the index. */
  makeOlder(): void {
    this.store.close();
    const database = new Database(historyPath(this.folder.path));
    database.run("ALTER TABLE blocks DROP COLUMN plain");
    for (const { number } of database.query<{ number: number }, []>("SELECT number FROM blocks").all())
      database.run(`INSERT INTO words_${number} (words_${number}) VALUES ('delete-all')`);
    database.close();
    this.store = this.open();
  }

  /** Says a text as a tincan that leaves the accents in the index. */
  goOnAsOlder(text: string): void {
    this.say("#a", text);
    const { database } = this.store;
    const last = database.query<{ number: number }, []>("SELECT max(number) AS number FROM blocks").get()?.number ?? 0;
    const id = database.query<{ id: number }, []>("SELECT max(id) AS id FROM events").get()?.id ?? 0;
    database.query(`INSERT INTO words_${last} (rowid, text) VALUES (?, ?)`).run(id, text);
    database.query("UPDATE blocks SET last = ? WHERE number = ?").run(id, last);
  }

  /** How many indexes of words there are in the database. */
  tables(): number {
    const names =
      "SELECT count(*) AS count FROM sqlite_schema WHERE name GLOB 'words_*' AND sql GLOB 'CREATE VIRTUAL*'";
    return this.store.database.query<{ count: number }, []>(names).get()?.count ?? 0;
  }

  [Symbol.dispose](): void {
    this.store.close();
    this.folder[Symbol.dispose]();
  }

  private open(): Store {
    return openHistory(this.folder.path, (database) => new Store(database, this.mostBytes)).taken;
  }
}

const word = fc.constantFrom("abc", "abcd", "bcd", "明天", "明天开会", "a", "xyz", '"', "*");
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
const step = fc.oneof(
  fc.record({ say: fc.array(text, { minLength: 1, maxLength: 12 }), room: fc.constantFrom("#a", "#b") }),
  fc.record({ learn: fc.integer({ min: 1, max: 15 }) }),
  fc.record({ reopen: fc.constant(true) }),
);

test("a search finds the same whether the index has learned all, some or nothing of it", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), text, fc.integer({ min: 1, max: 9 }), (steps, asked, limit) => {
      using shelf = new Shelf();
      for (const one of steps) {
        if ("say" in one) shelf.say(one.room, ...one.say);
        else if ("learn" in one) shelf.store.learn(one.learn);
        else shelf.reopen();
      }
      const words = asked.split(" ");
      for (const room of ["#a", "#b"]) {
        const there = shelf.said.filter((event) => event.room === room && words.every((w) => event.text.includes(w)));
        const expected = there.map(({ seq }) => seq).reverse();
        expect(shelf.find(room, asked)).toEqual(expected);
        expect(shelf.find(room, asked, limit)).toEqual(expected);
      }
    }),
    { numRuns: 20 },
  );
}, 30_000);

test("a search finds the same in slices, wherever one ends, among the events of another room", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("#a", "#b"), text), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(steps, text, fc.nat(60), fc.integer({ min: 1, max: 4 }), (said, asked, learnt, turns) => {
      using shelf = new Shelf();
      for (const [room, words] of said) shelf.say(room, words);
      shelf.store.learn(learnt);
      // The time of a slice is over after so many looks at the clock.
      let looks = 0;
      using _ = spyOn(performance, "now").mockImplementation(() => 1_000 * Math.floor(looks++ / turns));
      for (const room of ["#a", "#b"]) {
        const words = asked.split(" ");
        const there = shelf.said.filter((event) => event.room === room && words.every((w) => event.text.includes(w)));
        expect(shelf.find(room, asked)).toEqual(there.map(({ seq }) => seq).reverse());
      }
    }),
    { numRuns: 100 },
  );
}, 30_000);

describe("the index", () => {
  test("is made anew where an earlier tincan has made it, which left the accents in it", () => {
    using shelf = new Shelf();
    for (let n = 0; n < 40; n++) shelf.say("#a", n % 2 === 0 ? `CAFÉ ${n} naïve` : `nothing ${n}`);
    const cafes = Array.from({ length: 20 }, (_, i) => 39 - 2 * i);
    while (shelf.store.behind > 0) shelf.store.learn(7);
    const blocks = shelf.store.blocks.all.length;
    expect(blocks).toBeGreaterThan(5);
    expect(shelf.find("#a", "naive cafe")).toEqual(cafes);
    shelf.makeOlder();
    // Half of it, as for a daemon that has ended meanwhile, and words that nobody has learned.
    for (let steps = 0; steps < blocks / 2; steps++) {
      expect(shelf.find("#a", "café")).toEqual(cafes);
      shelf.store.learn(7);
    }
    shelf.reopen();
    shelf.say("#a", "cafe");
    expect(shelf.find("#a", "Cafè")).toEqual([41, ...cafes]);
    while (shelf.store.behind > 0) shelf.store.learn(7);
    expect(shelf.store.blocks.all.length).toBeGreaterThanOrEqual(blocks);
    expect(shelf.find("#a", "cafe")).toEqual([41, ...cafes]);
    expect(shelf.tables()).toBe(shelf.store.blocks.all.length);
  });

  test("is made anew where an earlier tincan has gone on with it", () => {
    using shelf = new Shelf();
    shelf.say("#a", "café", "crème");
    while (shelf.store.behind > 0) shelf.store.learn(7);
    shelf.goOnAsOlder("thé");
    shelf.reopen();
    for (const word of ["cafe", "creme", "the", "thé"]) {
      expect(shelf.find("#a", word).length).toBe(1);
      while (shelf.store.behind > 0) shelf.store.learn(7);
      expect(shelf.find("#a", word).length).toBe(1);
    }
  });

  test("has blocks, which are dropped when nothing of them is left", () => {
    using shelf = new Shelf();
    for (let n = 0; n < 40; n++) shelf.say("#a", `message ${n} of many`);
    expect(shelf.store.behind).toBe(40);
    while (shelf.store.behind > 0) shelf.store.learn(7);
    const blocks = shelf.store.blocks.all.length;
    expect(blocks).toBeGreaterThan(10);
    const cutoff = START + 20_000;
    const most = { bytes: 1 << 30, rooms: 10 };
    expect(prune(shelf.store, { cutoff }, most)).toEqual({ done: false, oldest: [["#a", 21]] });
    expect(prune(shelf.store, { cutoff }, most)).toEqual({ done: true, oldest: [] });
    expect(shelf.store.blocks.all.length).toBeLessThan(0.7 * blocks);
    expect(shelf.find("#a", "message")).toEqual(Array.from({ length: 20 }, (_, i) => 40 - i));
    shelf.reopen();
    expect(shelf.find("#a", "message many")).toHaveLength(20);
  });

  test("forgets the room in which nobody has spoken for the longest time", () => {
    using shelf = new Shelf();
    for (const room of ["#a", "#b", "#c", "#a"]) shelf.say(room, "hello");
    const most = { bytes: 1 << 30, rooms: 2 };
    expect(prune(shelf.store, { cutoff: 0 }, most)).toEqual({ done: false, oldest: [["#b", 2]] });
    expect(prune(shelf.store, { cutoff: 0 }, most).done).toBe(true);
  });

  test("is not behind when what it had to learn was pruned", () => {
    using shelf = new Shelf();
    shelf.say("#a", "hello");
    prune(shelf.store, { cutoff: START + 1 }, { bytes: 1 << 30, rooms: 10 });
    shelf.store.learn(5);
    expect(shelf.store.behind).toBe(0);
    shelf.say("#a", "again");
    shelf.store.learn(5);
    expect(shelf.find("#a", "again")).toEqual([2]);
  });
});
