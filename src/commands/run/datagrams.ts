import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Address } from "../../net/address.ts";
import { formatAddress } from "../../net/address.ts";
import type { DatagramHandler } from "../../net/peer.ts";
import type { DatagramProtocol } from "../../net/protocol.ts";

export interface DatagramsOptions {
  readonly handler: DatagramHandler;
  readonly clock: Clock;
  readonly log: Log;
  /** One sentence on what the handler threw. */
  describe(error: unknown): string;
}

/** Answers every datagram with what a user's function returns, or promises, for it. */
export class HandledDatagrams implements DatagramProtocol {
  private nextLog = 0;
  private failures = 0;

  constructor(private readonly options: DatagramsOptions) {}

  onDatagram(bytes: Uint8Array, from: Address, reply: (bytes: Uint8Array) => void): void {
    const failed = (error: unknown) => this.failed(error, from);
    const answer = (value: unknown) => {
      if (value === undefined || value === null) return;
      if (typeof value !== "string" && !(value instanceof Uint8Array)) throw new TypeError(notAnAnswer(value));
      // Of bytes this makes a copy: the handler may go on using its own.
      reply(Buffer.from(value));
    };
    try {
      const value: unknown = this.options.handler(bytes, { host: from.host, port: from.port });
      if (value instanceof Promise) value.then(answer).catch(failed);
      else answer(value);
    } catch (error) {
      failed(error);
    }
  }

  /** Logs a failure, at most one a second: whoever sends datagrams shall not fill the disk. */
  private failed(error: unknown, from: Address): void {
    this.failures++;
    const now = this.options.clock.mono();
    if (now < this.nextLog) return;
    this.nextLog = now + 1000;
    const detail = this.options.describe(error);
    this.options.log.error("datagram-failed", { from: formatAddress(from), detail, count: this.failures });
    this.failures = 0;
  }
}

function notAnAnswer(value: unknown): string {
  return `datagram returned ${typeof value === "object" ? "an object" : String(value)}; the answer is text, bytes or nothing`;
}
