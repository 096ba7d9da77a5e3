import type { Running, Tally } from "../../../src/client/bench/load.ts";
import { behind, close, connected, EAGAIN, Memory, memcmp, POLLIN, POLLOUT, poll, recv, send } from "./libc.ts";
import { spin } from "./spin.ts";

/** What is asked and how it is answered. */
export interface Exchange {
  readonly question: Uint8Array;
  readonly answer: Uint8Array;
  /** From here on eight digits of both are changed from message to message; null: every message is the same. */
  readonly counted: number | null;
  /** The answer is compared from here on; before it stands what may be another each time, such as the time. */
  readonly compared?: number;
}

const DIGITS = 8;
const [ZERO, NINE] = [48, 57];
/** A socket holds at most some MiB. */
const scratch = new Memory(1 << 18);
const GRACE_MS = 1_000;
/** What nobody asked for would have come by then. */
const AFTER_MS = 20;
const POLLFD_BYTES = 8;
const POLLFD_INTS = 2;

/** `size` bytes of small letters, capitals, digits and others, which come back in upper case. */
export function rawExchange(size: number): Exchange {
  const question = Buffer.alloc(size, "12345678 the quick brown fox jumps over the lazy dog; ÄÖÜ äöü? THE END. ");
  const answer = question.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));
  return { question, answer, counted: 0 };
}

/** The same as a frame behind `!I`. */
export function framedExchange(size: number): Exchange {
  const { question, answer } = rawExchange(size);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(size);
  return {
    question: Buffer.concat([header, question]),
    answer: Buffer.concat([header, answer]),
    counted: header.length,
  };
}

/** Connections that each ask, wait for the answer, compare it to the byte, and ask again, or the next where there are several. */
export function startTalking(
  port: number,
  connections: number,
  exchange: Exchange | readonly Exchange[],
  tally: Tally,
): Running {
  const exchanges = [exchange].flat();
  const talkers: Talker[] = [];
  /** `struct pollfd`: a descriptor, and 16 bits each of what is awaited and what has happened. */
  const pollfds = new Memory(connections * POLLFD_BYTES);
  const polled = new Int32Array(pollfds.bytes.buffer);
  try {
    for (let at = 0; at < connections; at++) talkers.push(new Talker(connected(port, "tcp"), exchanges, tally));
  } catch (error) {
    for (const talker of talkers) talker.close();
    throw error;
  }
  const step = () => {
    talkers.forEach((talker, at) => {
      polled[at * POLLFD_INTS] = talker.fd;
      polled[at * POLLFD_INTS + 1] = talker.awaits;
    });
    if (poll(pollfds.at, connections, 1) <= 0) return false;
    for (let at = 0; at < connections; at++) {
      const happened = (polled[at * POLLFD_INTS + 1] ?? 0) >>> 16;
      if (happened !== 0) talkers[at]?.happen(happened);
    }
    return true;
  };
  let end = Number.POSITIVE_INFINITY;
  const over = () => performance.now() > end || (end < Number.POSITIVE_INFINITY && talkers.every(({ idle }) => idle));
  for (const talker of talkers) talker.ask();
  const spinning = spin(step, over);
  return {
    async stop() {
      for (const talker of talkers) talker.stopping = true;
      end = performance.now() + GRACE_MS;
      await spinning;
      const after = performance.now() + AFTER_MS;
      await spin(step, () => performance.now() > after);
      for (const talker of talkers) talker.close();
    },
  };
}

/** An exchange, where system calls find it. */
class Turn {
  readonly question: Memory;
  readonly answer: Memory;
  readonly compared: number;
  private readonly counted: number | null;

  constructor({ question, answer, counted, compared = 0 }: Exchange) {
    this.question = Memory.of(question);
    this.answer = Memory.of(answer);
    this.counted = counted;
    this.compared = compared;
  }

  /** The next number, in both buffers. */
  count(): void {
    const { counted, question, answer } = this;
    if (counted === null) return;
    for (let at = counted + DIGITS - 1; at >= counted; at--) {
      const digit = question.bytes[at] ?? ZERO;
      const next = digit >= NINE ? ZERO : digit + 1;
      question.bytes[at] = next;
      answer.bytes[at] = next;
      if (next !== ZERO) return;
    }
  }
}

class Talker {
  stopping = false;
  /** Nothing is under way. */
  idle = true;
  private readonly turns: readonly Turn[];
  private asked = 0;
  private sent = 0;
  private heard = 0;
  private askedAt = 0;

  constructor(
    /** -1 once closed, which poll(2) ignores. */
    public fd: number,
    exchanges: readonly Exchange[],
    private readonly tally: Tally,
  ) {
    this.turns = exchanges.map((exchange) => new Turn(exchange));
  }

  private get turn(): Turn {
    return this.turns[this.asked % this.turns.length] as Turn;
  }

  get awaits(): number {
    return this.sent < this.turn.question.bytes.length && !this.idle ? POLLIN | POLLOUT : POLLIN;
  }

  ask(): void {
    this.asked++;
    this.turn.count();
    this.askedAt = performance.now();
    this.sent = 0;
    this.heard = 0;
    this.idle = false;
    this.send();
  }

  happen(what: number): void {
    if ((what & ~POLLOUT) !== 0) this.hear();
    if ((what & POLLOUT) !== 0 && this.fd !== -1) this.send();
  }

  close(): void {
    if (this.fd === -1) return;
    if (!this.idle) this.tally.error("an answer did not come");
    close(this.fd);
    this.fd = -1;
    this.idle = true;
  }

  private send(): void {
    const size = send(this.fd, behind(this.turn.question.at, this.sent), this.turn.question.bytes.length - this.sent);
    if (size >= 0) this.sent += size;
    else if (size !== -EAGAIN) this.fail(`sending failed with errno ${-size}`);
  }

  private hear(): void {
    const size = recv(this.fd, scratch.at, scratch.bytes.length);
    if (size === -EAGAIN) return;
    if (size <= 0) this.fail("the server closed a connection");
    else if (this.idle || this.heard + size > this.turn.answer.bytes.length) this.fail("more came back than was sent");
    else if (this.isRight(size)) this.take(size);
    else this.fail("an answer is not what it should be");
  }

  /** Whether the next `size` bytes, which are in scratch, are those of the answer. */
  private isRight(size: number): boolean {
    const skipped = Math.min(size, Math.max(0, this.turn.compared - this.heard));
    const [got, due] = [behind(scratch.at, skipped), behind(this.turn.answer.at, this.heard + skipped)];
    return skipped === size || memcmp(got, due, size - skipped) === 0;
  }

  private take(size: number): void {
    this.heard += size;
    if (this.heard < this.turn.answer.bytes.length) return;
    this.tally.answer(performance.now() - this.askedAt);
    if (this.stopping) this.idle = true;
    else this.ask();
  }

  private fail(why: string): void {
    this.tally.error(why);
    this.idle = true;
    this.close();
  }
}
