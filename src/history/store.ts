import type { Database } from "bun:sqlite";
import { newEpoch } from "../chat/epoch.ts";
import type { RoomEvent } from "../chat/event.ts";
import { sizeOfEvent } from "../chat/event-page.ts";
import { cutPage } from "../chat/pages.ts";
import { Blocks } from "./blocks.ts";
import { DamageError } from "./open.ts";
import type { KeptRoom, Orders, Piece } from "./orders.ts";

/** An event as it lies in the database. */
export interface EventRow {
  readonly id: number;
  readonly room: number;
  readonly seq: number;
  readonly epoch: string;
  readonly kind: RoomEvent["event"];
  readonly author: string;
  readonly text: string;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
}

/** What the index learns at once takes so long that nothing is written meanwhile: these take some 60 ms. */
const LETTERS_A_STEP = 512 * 1024;
/** More than any room comes to. Far beyond it a number and the next one are the same. */
const MOST_SEQ = 2 ** 50;
/** Milliseconds from 1970 to the last moment that a `Date` can tell. */
const LAST_TIME = 8.64e15;

/** What was said, in SQLite. */
export class Store {
  /** The numbers of rooms by name. */
  private readonly ids = new Map<string, number>();

  readonly blocks: Blocks;
  /** The highest id of an event. */
  private last: number;
  /** Letters of the texts that the index does not know yet, as far as they were written since the start. */
  #unlearned = 0;

  /** @param mostBytes see {@link Blocks} */
  constructor(
    readonly database: Database,
    mostBytes: number,
  ) {
    this.blocks = new Blocks(database, mostBytes);
    this.last = database.query<{ id: number | null }, []>("SELECT max(id) AS id FROM events").get()?.id ?? 0;
  }

  /** By which a start knows the database that the last one had (see Mark); SQLite's manual leaves it to whoever has the file. */
  get number(): number {
    return this.database.query<{ application_id: number }, []>("PRAGMA application_id").get()?.application_id ?? 0;
  }

  set number(number: number) {
    this.database.run(`PRAGMA application_id = ${number}`);
  }

  /** Every room with its counting. Throws {@link DamageError} for numbers that nobody can count on from. */
  rooms(): readonly KeptRoom[] {
    const rooms = this.database
      .query<KeptRoom, []>(
        `SELECT name, epoch, seq, topic,
           coalesce((SELECT min(seq) FROM events WHERE room = rooms.id), seq + 1) AS oldest
         FROM rooms`,
      )
      .all();
    const odd = rooms.find(({ seq, oldest }) => !(oldest >= 1 && seq >= 0 && seq < MOST_SEQ));
    if (odd !== undefined) throw new DamageError(`a room counts from ${odd.oldest} to ${odd.seq}`);
    return rooms;
  }

  /**
   * Gives every room a new epoch: numbers were told, perhaps, that are not here, and they will be given again. What is
   * here keeps its own.
   */
  countAnew(): void {
    const rename = this.database.query("UPDATE rooms SET epoch = ? WHERE id = ?");
    const rooms = this.database.query<{ id: number }, []>("SELECT id FROM rooms").all();
    const renameAll = this.database.transaction(() => {
      for (const { id } of rooms) rename.run(newEpoch(), id);
    });
    renameAll.immediate();
  }

  /** Keeps events, all or none of them. What is there already is left as it is. */
  write(events: readonly RoomEvent[]): void {
    const last = new Map<string, RoomEvent>();
    const topics = new Map<string, RoomEvent>();
    for (const event of events) {
      last.set(event.room, event);
      if (event.event === "topic") topics.set(event.room, event);
    }
    const write = this.database.transaction(() => {
      for (const event of last.values()) this.count(event);
      for (const { room, text } of topics.values())
        this.database.query("UPDATE rooms SET topic = ? WHERE name = ?").run(text, room);
      this.insertAll(events);
    });
    try {
      write.immediate();
    } catch (error) {
      this.ids.clear();
      throw error;
    }
  }

  /** Letters of the events that the index does not know yet, or fewer. */
  get unlearned(): number {
    return this.#unlearned;
  }

  /** How many events the index does not know yet, or a few more. */
  get behind(): number {
    return Math.max(this.last - this.blocks.last, this.blocks.areOutdated ? 1 : 0);
  }

  /** Lets the index learn some of the events that it does not know, or forget some of what it knew in another way. */
  learn(most: number): void {
    if (this.blocks.areOutdated) {
      this.transact(() => this.blocks.dropOutdated());
      return;
    }
    const rows = this.database
      .query<{ id: number; text: string }, [number, number]>(
        "SELECT id, text FROM events WHERE id > ? ORDER BY id LIMIT ?",
      )
      .iterate(this.blocks.last, most);
    const events: { id: number; text: string }[] = [];
    let letters = 0;
    for (const row of rows) {
      events.push(row);
      letters += row.text.length;
      if (letters > LETTERS_A_STEP) break;
    }
    // What is behind may have been pruned before it was learned.
    if (events.length === 0) this.last = this.blocks.last;
    else this.transact(() => this.blocks.add(events));
    this.#unlearned = this.behind > 0 ? Math.max(0, this.#unlearned - letters) : 0;
  }

  /** All or nothing, for changes of the index too. */
  transact(work: () => void): void {
    try {
      this.database.transaction(work).immediate();
    } catch (error) {
      this.blocks.rolledBack();
      throw error;
    }
  }

  read({ room, after, before, upward, limit }: Orders["read"]): Piece {
    const id = this.idOf(room);
    if (id === null) return { events: [], more: false };
    const rows = this.database
      .query<EventRow, [number, number, number]>(
        `SELECT * FROM events WHERE room = ? AND seq > ? AND seq < ? ORDER BY seq ${upward ? "ASC" : "DESC"}`,
      )
      .iterate(id, after, before);
    const { items, more } = cutPage(eventsOf(rows, room), limit, sizeOfEvent);
    return { events: items, more };
  }

  /** Forgets the counting of a room of which nothing else is kept. */
  forget(room: string): void {
    const id = this.idOf(room);
    if (id === null) return;
    this.ids.delete(room);
    this.database.query("DELETE FROM rooms WHERE id = ?").run(id);
  }

  idOf(room: string): number | null {
    const known = this.ids.get(room);
    if (known !== undefined) return known;
    const id = this.database.query<{ id: number }, [string]>("SELECT id FROM rooms WHERE name = ?").get(room)?.id;
    if (id === undefined) return null;
    this.ids.set(room, id);
    return id;
  }

  /** Throws when the database cannot be closed. */
  close(): void {
    this.blocks.close();
    this.database.close(true);
  }

  private count({ room, epoch, seq }: RoomEvent): void {
    this.database
      .query(
        `INSERT INTO rooms (name, epoch, seq, topic) VALUES (?, ?, ?, '')
         ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq`,
      )
      .run(room, epoch, seq);
  }

  private insertAll(events: readonly RoomEvent[]): void {
    const insert = this.database.query(
      "INSERT OR IGNORE INTO events (room, seq, epoch, kind, author, text, time) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    for (const { event, room, from, text, time, epoch, seq } of events) {
      const values = [this.idOf(room), seq, epoch, event, from, text, Date.parse(time)] as const;
      const { lastInsertRowid } = insert.run(...values);
      this.last = Number(lastInsertRowid);
      this.#unlearned += text.length;
    }
  }
}

/** A row as members were told it. A time that is none hides none of the others. */
export function eventOf({ kind, author, text, time, epoch, seq }: EventRow, room: string): RoomEvent {
  const at = new Date(Math.abs(time) <= LAST_TIME ? time : 0);
  return { event: kind, room, from: author, text, time: at.toISOString(), epoch, seq };
}

function* eventsOf(rows: Iterable<EventRow>, room: string): Iterable<RoomEvent> {
  for (const row of rows) yield eventOf(row, room);
}
