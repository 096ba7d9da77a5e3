import type { Database } from "bun:sqlite";
import { fold } from "../bytes/fold.ts";

/** Letters of the texts that one block is the index of: some 20,000 messages, 6 MB of the file with all that belongs to them. */
const MOST_LETTERS = 2 * 1024 * 1024;

/** A piece of the index, for the events from the id `first` to `last`. */
export interface Block {
  readonly number: number;
  readonly first: number;
  last: number;
}

/**
 * The index of words, in blocks. Deleting single texts from an index of SQLite's makes it merge over and over (measured: 0.3
 * ms for a text), so texts stay in it until a whole block is dropped; what is not among the events any more is not found.
 *
 * It keeps no texts, which are in `events` already, and no positions: it says which texts may have a word in them, for half
 * of the room and the time.
 */
export class Blocks {
  #all: Block[] = [];
  /** Of an index that was folded in another way: no word is looked for in them. */
  private outdated: Block[] = [];
  /** Letters in the last block. */
  private letters: number;
  private insert: ReturnType<Database["prepare"]> | null = null;
  private readonly most: number;

  /** @param mostBytes what the whole file may have; a small one has small blocks, because they go as a whole */
  constructor(
    private readonly database: Database,
    mostBytes: number,
  ) {
    this.most = Math.min(MOST_LETTERS, mostBytes / 32);
    this.load();
    const { first, last } = this.#all.at(-1) ?? { first: 0, last: 0 };
    this.letters =
      database
        .query<{ letters: number | null }, [number, number]>(
          "SELECT sum(length(text)) AS letters FROM events WHERE id BETWEEN ? AND ?",
        )
        .get(first, last)?.letters ?? 0;
  }

  /** The highest id that is in the index. */
  get last(): number {
    return this.#all.at(-1)?.last ?? 0;
  }

  /** All of them, oldest first. */
  get all(): readonly Block[] {
    return this.#all;
  }

  /** Whether there are blocks of an index that was folded in another way. */
  get areOutdated(): boolean {
    return this.outdated.length > 0;
  }

  /**
   * Drops one of those, within a transaction. All of them go before a text is learned, so that both indexes together do not
   * take more of the disk than there may be.
   */
  dropOutdated(): void {
    const block = this.outdated.shift();
    if (block !== undefined) this.drop(block);
  }

  /** Learns texts in the order of their ids; within a transaction. */
  add(events: readonly { readonly id: number; readonly text: string }[]): void {
    for (const { id, text } of events) {
      if (this.insert === null || this.letters >= this.most) this.insert = this.next(id);
      this.letters += text.length;
      this.insert.run(id, fold(text));
      const block = this.#all.at(-1);
      if (block !== undefined) block.last = id;
    }
    this.save();
  }

  /** The events from an id down to another, both included, in whose texts the words may be, newest first. */
  *find<Row>(block: Block, question: string, newest: number): Iterable<Row> {
    const words = tableOf(block);
    const statement = this.database.prepare<Row, [string, number]>(
      `SELECT events.* FROM ${words} CROSS JOIN events ON events.id = ${words}.rowid
       WHERE ${words} MATCH ? AND ${words}.rowid <= ? ORDER BY ${words}.rowid DESC`,
    );
    try {
      yield* statement.iterate(question, newest);
    } finally {
      statement.finalize();
    }
  }

  /** Drops the blocks of which no event is left but the last one. `oldest` is the lowest id of an event. */
  dropBelow(oldest: number): void {
    for (let [block, next] = this.#all; block && next && next.first <= oldest; [block, next] = this.#all) {
      this.drop(block);
      this.#all.shift();
    }
  }

  private drop(block: Block): void {
    this.database.run(`DROP TABLE ${tableOf(block)}`);
    this.database.query("DELETE FROM blocks WHERE number = ?").run(block.number);
  }

  /** To be called before the database is closed, which else stays open. */
  close(): void {
    this.insert?.finalize();
    this.insert = null;
  }

  /** After a transaction that failed: nothing that it made is there. */
  rolledBack(): void {
    this.close();
    this.load();
  }

  private load(): void {
    const blocks = this.database
      .query<Block & { readonly plain: number }, []>("SELECT number, first, last, plain FROM blocks ORDER BY number")
      .all();
    // An older tincan leaves the accents, also in a block that it only goes on with.
    const isOutdated = blocks.some(({ last, plain }) => plain !== last);
    this.#all = isOutdated ? [] : blocks;
    this.outdated = isOutdated ? blocks : [];
  }

  private save(): void {
    const block = this.#all.at(-1);
    if (block)
      this.database.query("UPDATE blocks SET last = ?1, plain = ?1 WHERE number = ?2").run(block.last, block.number);
  }

  /** The statement for what comes next: into the last block while there is room, else into a new one that begins with `id`. */
  private next(id: number) {
    let last = this.#all.at(-1);
    if (last === undefined || this.letters >= this.most) {
      this.save();
      const { lastInsertRowid } = this.database.query("INSERT INTO blocks (first, last) VALUES (?, 0)").run(id);
      last = { number: Number(lastInsertRowid), first: id, last: id };
      this.database.run(
        `CREATE VIRTUAL TABLE ${tableOf(last)} USING fts5 (
           text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
         )`,
      );
      // It costs a sixth of the work, and a block is too small to be searched any faster for it.
      this.database.run(`INSERT INTO ${tableOf(last)} (${tableOf(last)}, rank) VALUES ('automerge', 0)`);
      this.#all.push(last);
      this.letters = 0;
    }
    this.insert?.finalize();
    return this.database.prepare(`INSERT INTO ${tableOf(last)} (rowid, text) VALUES (?, ?)`);
  }
}

function tableOf({ number }: Block): string {
  return `words_${number}`;
}
