import ipaddr from "ipaddr.js";
import type { Clock } from "../clock.ts";
import { parseNetwork } from "./by-network.ts";

/** A network that is kept out. */
export interface BlockedNetwork {
  /** As {@link parseNetwork} reads it. */
  readonly network: string;
  /** Milliseconds since 1970; null: for good. */
  readonly until: number | null;
}

/** Networks of one size, by their first bits; the value is when it ends. */
type SameSize = Map<string, number>;

/**
 * Addresses that are not let in. A look-up costs as many steps as there are sizes of networks, however many of each; with
 * none at all it costs nothing.
 */
export class Blocklist {
  private readonly sizes = { ipv4: new Map<number, SameSize>(), ipv6: new Map<number, SameSize>() };

  constructor(private readonly clock: Clock) {}

  get empty(): boolean {
    return this.sizes.ipv4.size === 0 && this.sizes.ipv6.size === 0;
  }

  /** These and no others from now on. What is no network is skipped. */
  replace(networks: readonly BlockedNetwork[]): void {
    this.sizes.ipv4.clear();
    this.sizes.ipv6.clear();
    for (const { network, until } of networks) {
      const parsed = parseNetwork(network);
      if (parsed === null) continue;
      const { address, bits } = parsed;
      const sizes = this.sizes[address.kind()];
      const same = sizes.get(bits) ?? new Map<string, number>();
      same.set(firstBits(address.toByteArray(), bits), until ?? Number.POSITIVE_INFINITY);
      sizes.set(bits, same);
    }
  }

  /** Whether a peer with this address is kept out. A Unix socket has none and is not. */
  refuses(host: string): boolean {
    if (this.empty || !ipaddr.isValid(host)) return false;
    const address = ipaddr.process(host);
    const bytes = address.toByteArray();
    for (const [bits, same] of this.sizes[address.kind()]) {
      const until = same.get(firstBits(bytes, bits));
      if (until !== undefined && until > this.clock.now()) return true;
    }
    return false;
  }
}

/** The one way to write a network: without the bits behind its prefix, and without the prefix of a single address. */
export function canonicalNetwork(text: string): string | null {
  const network = parseNetwork(text);
  if (network === null) return null;
  const { address, bits } = network;
  const bytes = address.toByteArray();
  const first = ipaddr.fromByteArray([...masked(bytes, bits)]).toString();
  return bits === bytes.length * 8 ? first : `${first}/${bits}`;
}

function firstBits(bytes: readonly number[], bits: number): string {
  return masked(bytes, bits).toString("latin1");
}

function masked(bytes: readonly number[], bits: number): Buffer {
  return Buffer.from(bytes.map((byte, at) => byte & (0xff00 >> Math.min(Math.max(bits - at * 8, 0), 8))));
}
