import type { RoomEvent } from "../chat/event.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../thrown.ts";
import type { Mark } from "./mark.ts";
import type { HistoryThread } from "./thread.ts";

/** How long events wait for others that are written with them, in milliseconds. */
const BATCH_MS = 250;
/** The longest pause before another try when the disk refuses. */
const LONGEST_PAUSE_MS = 30_000;
/** What waits for a disk that refuses or does not keep up: events, and UTF-16 units of their texts. */
const MOST_WAITING = 50_000;
const MOST_LETTERS = 16 * 1024 * 1024;

export interface WriterParts {
  readonly thread: HistoryThread;
  readonly mark: Mark;
  readonly clock: Clock;
  readonly log: Log;
  /** Told how many events have reached the disk, and whether more is kept now than may be. */
  written(count: number, full: boolean): void;
}

/**
 * Brings events to the disk in batches, one at a time, each a transaction that is synced. What the disk refuses is tried
 * again, later and later; what grows too much meanwhile is dropped, oldest first, and told.
 */
export class Writer {
  #waiting: RoomEvent[] = [];
  /** Those that are on their way. */
  private sent: readonly RoomEvent[] = [];
  private letters = 0;
  private sending: Promise<void> | null = null;
  private cancel: (() => void) | null = null;
  private pause = BATCH_MS;
  private fault = "";
  private dropped = 0;

  constructor(private readonly parts: WriterParts) {}

  add(event: RoomEvent): void {
    this.parts.mark.ahead();
    this.#waiting.push(event);
    this.letters += event.text.length;
    if (this.#waiting.length > MOST_WAITING || this.letters > MOST_LETTERS) this.drop();
    if (this.cancel === null && this.sending === null) this.later();
  }

  /** How many events may not have reached the disk yet, of all rooms. */
  get unwritten(): number {
    return this.sent.length + this.#waiting.length;
  }

  /** Those of a room, in their order. */
  unwrittenOf(room: string): readonly RoomEvent[] {
    return [...this.sent, ...this.#waiting].filter((event) => event.room === room);
  }

  /** Settles when all that was added has reached the disk. While the disk refuses, it is not asked for this. */
  async flush(): Promise<void> {
    await this.sending;
    if (this.fault === "") await this.write();
  }

  /** Writes what is left and stops. Tells whether all of it has reached the disk. */
  async close(): Promise<boolean> {
    await this.sending;
    await this.write();
    this.cancel?.();
    this.cancel = null;
    return this.#waiting.length === 0;
  }

  private async write(): Promise<void> {
    if (this.#waiting.length > 0) this.begin();
    await this.sending;
  }

  private later(): void {
    this.cancel = this.parts.clock.after(this.pause, () => this.begin());
  }

  private begin(): void {
    this.cancel?.();
    this.cancel = null;
    this.sending ??= this.send().then(() => {
      this.sending = null;
      if (this.#waiting.length > 0) this.later();
    });
  }

  /** Never rejects. */
  private async send(): Promise<void> {
    const { thread, mark, log, written } = this.parts;
    const events = this.#waiting;
    this.sent = events;
    this.#waiting = [];
    this.letters = 0;
    let full: boolean;
    try {
      ({ full } = await thread.ask("write", { events: JSON.stringify(events) }));
    } catch (error) {
      this.refused(events, messageOf(error));
      return;
    } finally {
      this.sent = [];
    }
    if (this.#waiting.length === 0) mark.settled();
    if (this.fault !== "") log.info("history-written-again", { dropped: this.dropped });
    this.fault = "";
    this.dropped = 0;
    this.pause = BATCH_MS;
    written(events.length, full);
  }

  private refused(events: readonly RoomEvent[], fault: string): void {
    this.#waiting = [...events, ...this.#waiting];
    this.letters = this.#waiting.reduce((sum, { text }) => sum + text.length, 0);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS);
    if (fault !== this.fault) this.parts.log.error("history-not-written", { error: fault, waiting: events.length });
    this.fault = fault;
  }

  /** Half of it goes at once, so that this is not done for every event. */
  private drop(): void {
    const gone = Math.ceil(this.#waiting.length / 2);
    this.#waiting = this.#waiting.slice(gone);
    this.letters = this.#waiting.reduce((sum, { text }) => sum + text.length, 0);
    this.dropped += gone;
    this.parts.log.warn("history-dropped", { events: gone });
  }
}
