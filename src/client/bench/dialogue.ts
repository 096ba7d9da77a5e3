import { messageOf } from "../../thrown.ts";
import { FirstWords } from "../first-words.ts";
import { Stream } from "../stream.ts";
import type { Load, Running, Tally } from "./load.ts";

/** What is said on one connection, and how its answers are checked. */
export interface Dialogue {
  /** Messages `first` to `first + count - 1`, ready to send. */
  ask(first: number, count: number): Uint8Array;
  /** How many messages this chunk completes the answers of. Throws when an answer is wrong, with the reason. */
  hear(chunk: Uint8Array): number;
}

/** How long answers under way are waited for at the end. */
const GRACE_MS = 3_000;
/** Connections being opened at the same time: fewer than a listen backlog holds. */
const OPENING = 100;

/** A connection that keeps `pipeline` messages under way. */
class Talker {
  private readonly sentAt: Float64Array;
  private sent = 0;
  private answered = 0;
  private stopping = false;
  private stream: Stream | null = null;
  private readonly idle = Promise.withResolvers<void>();
  private readonly first: FirstWords;

  constructor(
    private readonly load: Load,
    private readonly dialogue: Dialogue,
    private readonly tally: Tally,
  ) {
    this.first = new FirstWords(load.target);
    this.sentAt = new Float64Array(load.pipeline);
  }

  async open(): Promise<void> {
    this.stream = await Stream.connect(this.load.target, {
      data: (chunk) => this.hear(chunk),
      closed: (error) => this.closed(error),
    });
  }

  /** @throws CommandError when the server speaks before it is asked */
  listen(): Promise<void> {
    return this.first.listen();
  }

  start(): void {
    this.ask(this.load.pipeline);
  }

  /** Resolves when every answer came, or none will. */
  stop(): Promise<void> {
    this.stopping = true;
    if (this.answered === this.sent) this.idle.resolve();
    return this.idle.promise;
  }

  close(): void {
    const missing = this.sent - this.answered;
    this.answered = this.sent;
    if (missing > 0) this.tally.error("answers did not come", missing);
    this.idle.resolve();
    this.stream?.close();
  }

  private ask(count: number): void {
    const now = performance.now();
    const first = this.sent;
    for (let i = 0; i < count; i++) this.sentAt[(first + i) % this.load.pipeline] = now;
    this.sent += count;
    this.stream?.write(this.dialogue.ask(first, count));
  }

  private hear(chunk: Uint8Array): void {
    if (this.sent === 0) this.first.hear(chunk);
    try {
      const count = this.dialogue.hear(chunk);
      if (this.answered + count > this.sent) throw new Error("more came back than was sent");
      const now = performance.now();
      for (let i = 0; i < count; i++) {
        this.tally.answer(now - (this.sentAt[(this.answered + i) % this.load.pipeline] ?? now));
      }
      this.answered += count;
      if (this.stopping) {
        if (this.answered === this.sent) this.idle.resolve();
      } else if (count > 0) this.ask(count);
    } catch (error) {
      this.tally.error(messageOf(error));
      this.sent = this.answered;
      this.close();
    }
  }

  private closed(error: Error | null): void {
    this.first.hear(null);
    if (this.sent > this.answered) {
      this.tally.error(error?.message ?? "the server closed a connection", this.sent - this.answered);
      this.answered = this.sent;
    }
    this.idle.resolve();
  }
}

/** Opens all connections, then lets all of them talk. Rejects when one cannot be opened. */
export async function startTalking(load: Load, tally: Tally, dialogue: () => Dialogue): Promise<Running> {
  const talkers = Array.from({ length: load.connections }, () => new Talker(load, dialogue(), tally));
  try {
    // One alone first: where a wrong port leads to the chat, it is not filled.
    await talkers[0]?.open();
    await talkers[0]?.listen();
    for (let at = 1; at < talkers.length; at += OPENING) {
      await Promise.all(talkers.slice(at, at + OPENING).map((talker) => talker.open()));
    }
  } catch (error) {
    for (const talker of talkers) talker.close();
    throw error;
  }
  for (const talker of talkers) talker.start();
  return {
    async stop() {
      const late = setTimeout(() => talkers.forEach((talker) => void talker.close()), GRACE_MS);
      await Promise.all(talkers.map((talker) => talker.stop()));
      clearTimeout(late);
      for (const talker of talkers) talker.close();
    },
  };
}
