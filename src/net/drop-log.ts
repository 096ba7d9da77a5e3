import type { Clock } from "../clock.ts";
import type { Level, Log } from "../log.ts";
import { formatAddress } from "./address.ts";
import type { DatagramDrop } from "./udp-guard.ts";

/**
 * Counts the datagrams that were not answered and logs them, at most one line a second for each reason, however many
 * there are: a flood shall not become one on the disk.
 */
export class DropLog {
  readonly counts = zeros();
  private readonly told = zeros();
  private readonly next = zeros();

  constructor(
    private readonly door: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  add(reason: DatagramDrop, host: string, port: number): void {
    this.counts[reason]++;
    const now = this.clock.mono();
    if (now < this.next[reason]) return;
    this.next[reason] = now + 1000;
    const count = this.counts[reason] - this.told[reason];
    this.told[reason] = this.counts[reason];
    const from = formatAddress({ family: host.includes(":") ? "ipv6" : "ipv4", host, port });
    this.log[LEVELS[reason]]("datagram-dropped", { door: this.door, reason, from, count });
  }
}

/** What an operator wants to hear of unasked; the rest is what the Internet sends to any open port. */
const LEVELS: Readonly<Record<DatagramDrop, Level>> = {
  "low-port": "debug",
  "own-port": "debug",
  address: "debug",
  "not-allowed": "debug",
  banned: "debug",
  rate: "warn",
  loop: "warn",
  size: "debug",
  full: "warn",
  unsendable: "warn",
  draining: "debug",
};

function zeros(): Record<DatagramDrop, number> {
  return Object.fromEntries(Object.keys(LEVELS).map((reason) => [reason, 0])) as Record<DatagramDrop, number>;
}
