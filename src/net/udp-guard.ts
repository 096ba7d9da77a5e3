import { LoopDetector } from "./loop-detector.ts";
import { SourceRate } from "./source-rate.ts";
import { broadcastAddresses, DatagramSource } from "./udp-source.ts";

/** Why a datagram was not answered. */
export type DatagramDrop =
  | "low-port"
  | "own-port"
  | "address"
  | "not-allowed"
  | "banned"
  | "rate"
  | "loop"
  | "size"
  | "full"
  | "unsendable"
  | "draining";

export interface GuardOptions {
  /** Answer nobody off the loopback. */
  readonly loopbackOnly: boolean;
  /** UDP ports of our own: an answer to one of them could only come back. */
  readonly ownPorts: ReadonlySet<number>;
  /** Answers a second for each source off the loopback. */
  readonly perSecond: number;
  /** Whether an address is banned. */
  refuses(host: string): boolean;
}

/**
 * Decides who is answered. UDP sources can be forged, so that an open echo could be made to hit somebody else or to talk
 * to another echo for ever (CVE-2024-2169). All state is in tables of a fixed size; a datagram leaves nothing behind.
 */
export class DatagramGuard {
  private readonly seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  private readonly rate: SourceRate;
  private readonly loops = new LoopDetector();
  readonly source = new DatagramSource(this.seed, broadcastAddresses());

  constructor(private readonly options: GuardOptions) {
    this.rate = new SourceRate(options.perSecond);
  }

  /** Whether a datagram from this source may be answered; null: yes. Counts against the source's rate. */
  refuse(host: string, port: number, now: number): DatagramDrop | null {
    // Well-known services (chargen, DNS, NTP) answer what they get; no client has such a port.
    if (port < 1024) return "low-port";
    if (this.options.ownPorts.has(port)) return "own-port";
    this.source.read(host);
    if (!this.source.answerable) return "address";
    if (this.options.refuses(host)) return "banned";
    if (this.source.loopback) return null;
    if (this.options.loopbackOnly) return "not-allowed";
    return this.rate.take(this.source.key, now) ? null : "rate";
  }

  /** Whether a source off the loopback has used up its rate with this further answer. */
  exceeds(host: string, now: number): boolean {
    this.source.read(host);
    return !this.source.loopback && !this.rate.take(this.source.key, now);
  }

  /** Whether an answer that equals its question would keep a loop going. */
  bounces(content: Uint8Array, host: string, port: number, turn: number, now: number): boolean {
    this.source.read(host);
    const print = Bun.hash.xxHash32(content, this.source.hash ^ Math.imul(port, 0x9e3779b1));
    return this.loops.bounces(print, turn, now);
  }
}
