import { LocalTrouble } from "../files/trouble.ts";
import { FetchFailure } from "./failure.ts";
import type { Facts, Sink } from "./sink.ts";

/** Whoever read the bytes is gone; nothing is wrong with what was fetched. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
  readonly code = "EPIPE";
}

/** Bytes that are handed on as they come: to stdout, a pipe or a device. What is gone cannot be taken back. */
export class StreamSink implements Sink {
  received = 0;
  facts: Facts | null = null;

  /** @param send resolves when the reader has taken it; rejects with LocalTrouble, or when nobody reads any more */
  constructor(private readonly send: (chunk: Uint8Array) => Promise<void>) {}

  check(): void {}

  async open(facts: Facts): Promise<number> {
    const same = facts.validator !== null && facts.validator === this.facts?.validator;
    this.facts = facts;
    if (this.received > 0 && !same) throw new FetchFailure("it broke off, and the rest cannot be fetched alone");
    return this.received;
  }

  restart(): void {
    if (this.received > 0) throw new FetchFailure("it broke off, and the server does not send the rest alone");
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      await this.send(chunk);
    } catch (cause) {
      if (cause instanceof LocalTrouble) throw new FetchFailure(cause.message, false, { cause });
      throw new ReaderGone("nobody reads the output", { cause });
    }
    this.received += chunk.length;
  }

  async commit(): Promise<void> {}

  leave(): boolean {
    return false;
  }
}
