import { stat } from "node:fs/promises";
import type { Draft, RoomEvent } from "../chat/event.ts";
import { pageOfEvents } from "../chat/event-page.ts";
import type { Page, Query, Range, RoomLog, RoomName, Standing } from "../chat/history.ts";
import { MemoryLog } from "../chat/memory-log.ts";
import { roomKey } from "../chat/names.ts";
import { LOBBY } from "../chat/rooms.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { makePrivateFolder } from "../state.ts";
import { messageOf } from "../thrown.ts";
import type { Disk } from "./disk.ts";
import { lookFor, readBoth } from "./looking.ts";
import { Mark } from "./mark.ts";
import type { KeptRoom } from "./orders.ts";
import { historyPath } from "./path.ts";
import { Pruner } from "./pruner.ts";
import { HistoryThread } from "./thread.ts";
import { Turns } from "./turns.ts";
import { Writer } from "./writer.ts";

/** Rooms of which something is kept; beyond them the one that was silent for the longest time is forgotten. */
const MOST_ROOMS = 4_096;
/** How long the end waits for the disk, in milliseconds. */
const CLOSE_MS = 5_000;

export interface KeptLogOptions {
  /** The state folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long what was said is kept, in milliseconds; `Infinity` is for ever. */
  readonly keepMs: number;
  /** Bytes that the database may take; the oldest goes first. */
  readonly maxBytes: number;
}

/** A room of which something is kept, or which has been spoken in since the start. */
interface Kept {
  readonly key: string;
  /** The lowest seq that is kept. */
  oldest: number;
  /** As far as is known nobody is in it. */
  empty: boolean;
}

/**
 * Remembers the last events of each room in memory, and in a database what was said before, also by an earlier daemon.
 * Rooms, their countings and their topics go on. Without the database (it is damaged, the disk is full, another daemon has
 * it) the chat goes on as with a {@link MemoryLog}, and the log says so.
 */
export class KeptLog implements RoomLog {
  private readonly memory = new MemoryLog();
  private readonly rooms = new Map<string, Kept>();
  private readonly names = new Map<string, string>();
  private list: readonly RoomName[] | null = null;
  private disk: Disk | null = null;

  constructor(private readonly o: KeptLogOptions) {}

  get kept(): readonly RoomName[] {
    this.list ??= Array.from(this.names, ([key, name]) => ({ name, key }));
    return this.list;
  }

  keptAs(key: string): string | undefined {
    return this.names.get(key);
  }

  /** Takes up what is on the disk. To be awaited before anybody is told anything. Never rejects. */
  async open(): Promise<void> {
    const { folder, log, clock, keepMs, maxBytes } = this.o;
    const most = { bytes: maxBytes, rooms: MOST_ROOMS };
    const thread = new HistoryThread();
    try {
      makePrivateFolder(folder);
      const mark = new Mark(folder);
      const { clean, last, own } = mark;
      const { rooms, damaged } = await thread.ask("open", { folder, clean, last, own, most });
      if (damaged !== null) log.error("history-damaged", { moved: damaged });
      const file = await stat(historyPath(folder));
      mark.begin();
      const pruner = new Pruner({
        ...{ thread, clock, log, keepMs },
        lost: (room, oldest) => this.lost(room, oldest),
      });
      const writer = new Writer({ thread, mark, clock, log, written: (count, full) => pruner.grown(count, full) });
      this.disk = { thread, file, mark, writer, pruner, pages: new Turns(), searches: new Turns() };
      for (const room of rooms) this.restore(room);
      pruner.begin();
    } catch (error) {
      thread.end();
      log.error("history-unavailable", { folder, error: messageOf(error) });
    }
  }

  /** Whether the database, if it can be used, is where the next daemon looks for it: another one in its place is not. */
  async isHealthy(): Promise<boolean> {
    if (this.disk === null) return true;
    const { dev, ino } = this.disk.file;
    const now = await stat(historyPath(this.o.folder)).catch(() => null);
    return now?.dev === dev && now.ino === ino;
  }

  append(room: string, draft: Draft): RoomEvent {
    const event = this.memory.append(room, draft);
    if (this.disk === null) return event;
    const kept = this.rooms.get(room);
    if (kept === undefined) this.keep(room, { key: roomKey(room), oldest: event.seq, empty: false });
    else kept.empty = false;
    this.disk.writer.add(event);
    return event;
  }

  state(room: string): Standing {
    return this.memory.state(room);
  }

  read(room: string, range: Range): Page | Promise<Page> {
    const remembered = this.memory.oldest(room);
    const oldest = Math.min(this.rooms.get(room)?.oldest ?? remembered, remembered);
    const page = pageOfEvents(this.memory.events(room, range), range, oldest);
    const near = range.after === undefined ? page.next !== null : Math.floor(range.after) + 1 >= remembered;
    if (this.disk === null || oldest === remembered || near) return page;
    return readBoth(this.disk, this.memory, room, range, oldest).catch((error: unknown) => {
      this.o.log.error("history-not-read", { error: String(error) });
      return page;
    });
  }

  get searchable(): boolean {
    return this.disk !== null;
  }

  search(room: string, query: Query): Promise<Page> | null {
    const disk = this.disk;
    if (disk === null) return null;
    return lookFor(disk, this.o.clock, room, query).then(({ events, next }) => ({
      ...{ events, next },
      oldest: this.rooms.get(room)?.oldest ?? 1,
    }));
  }

  forget(room: string): void {
    const kept = this.rooms.get(room);
    if (kept === undefined) {
      this.memory.forget(room);
      return;
    }
    kept.empty = true;
    this.forgetIfBlank(room, kept);
  }

  /** Writes what is left and closes the database. */
  async close(): Promise<void> {
    const disk = this.disk;
    if (disk === null) return;
    this.disk = null;
    const { thread, mark, writer, pruner } = disk;
    pruner.end();
    const late = Promise.withResolvers<false>();
    const cancel = this.o.clock.after(CLOSE_MS, () => late.resolve(false));
    const written = await Promise.race([writer.close().then((all) => this.closed(thread, all)), late.promise]);
    cancel();
    if (!written) this.o.log.error("history-not-closed", {});
    mark.close(written);
    thread.end();
  }

  private restore(room: KeptRoom): void {
    this.memory.restore(room.name, room);
    const kept = { key: roomKey(room.name), oldest: room.oldest, empty: true };
    this.keep(room.name, kept);
    this.forgetIfBlank(room.name, kept);
  }

  private keep(room: string, kept: Kept): void {
    this.rooms.set(room, kept);
    this.names.set(kept.key, room);
    this.list = null;
  }

  /** Events of a room were deleted from the disk. */
  private lost(room: string, oldest: number): void {
    const kept = this.rooms.get(room);
    if (kept === undefined) return;
    kept.oldest = Math.max(kept.oldest, oldest);
    this.memory.forgetBelow(room, oldest);
    this.forgetIfBlank(room, kept);
  }

  /** A room of which nothing is kept and that nobody is in is gone, and so are its counting and its topic; the lobby stays. */
  private forgetIfBlank(room: string, { key, oldest, empty }: Kept): void {
    if (!empty || oldest <= this.memory.state(room).seq || room === LOBBY) return;
    this.rooms.delete(room);
    this.names.delete(key);
    this.list = null;
    this.memory.forget(room);
    this.disk?.thread.ask("forget", { room }).catch((error: unknown) => {
      this.o.log.error("history-not-pruned", { error: String(error) });
    });
  }

  private async closed(thread: HistoryThread, written: boolean): Promise<boolean> {
    try {
      await thread.ask("close", {});
      return written;
    } catch {
      return false;
    }
  }
}
