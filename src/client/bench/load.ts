import type { Target } from "../../net/address.ts";
import { Histogram } from "../histogram.ts";

/** What is asked of a server. */
export interface Load {
  readonly target: Target;
  readonly connections: number;
  /** Bytes of a message. */
  readonly size: number;
  /** Messages under way at once, on each connection. */
  readonly pipeline: number;
  /** Who speaks, in the chat. */
  readonly publishers: number;
}

/** A load that runs until it is stopped. */
export interface Running {
  /** Asks nothing more, waits for what is under way (at most some seconds) and closes everything. */
  stop(): Promise<void>;
}

/** What came back. */
export class Tally {
  /** Right answers, or messages delivered. */
  answers = 0;
  /** Wrong answers, broken connections, refusals. */
  errors = 0;
  /** The first of the errors, in words. */
  firstError: string | null = null;
  /** Without an answer in time, where that is no error. */
  lost = 0;
  /** Delivered in another order than said. */
  disordered = 0;
  /** Messages said, in the chat. */
  said = 0;
  /** From question to answer, in microseconds. */
  readonly latency = new Histogram();

  answer(ms: number): void {
    this.answers += 1;
    this.latency.add(ms * 1000);
  }

  error(words: string, count = 1): void {
    this.errors += count;
    this.firstError ??= words;
  }
}
