import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

/** What the guards have to know of the address that a datagram came from. */
export class DatagramSource {
  family: "ipv4" | "ipv6" = "ipv4";
  /** 127.0.0.0/8 or ::1, also when mapped into IPv6. */
  loopback = false;
  /** False for addresses that no one machine has: broadcast, multicast, unspecified. */
  answerable = false;
  /** Hash of the whole address. */
  hash = 0;
  /** Hash of what counts as one source: an IPv4 address, or the /64 of an IPv6 address. */
  key = 0;
  private host = "";

  /**
   * @param seed secret of this process, so that nobody can look for addresses whose hashes meet
   * @param broadcasts the broadcast addresses of this machine's networks
   */
  constructor(
    private readonly seed: number,
    private readonly broadcasts: ReadonlySet<string>,
  ) {}

  /** Reads the source's address. Costs 0.5 to 2 us when it is not the address of the datagram before, else nothing. */
  read(host: string): void {
    if (host === this.host) return;
    this.host = host;
    this.family = host.includes(":") ? "ipv6" : "ipv4";
    const address = ipaddr.process(host);
    const bytes = Uint8Array.from(address.toByteArray());
    const range = address.range();
    this.loopback = range === "loopback";
    this.answerable = !UNANSWERABLE.has(range) && !this.broadcasts.has(address.toString());
    this.hash = Bun.hash.xxHash32(bytes, this.seed);
    this.key = bytes.length === 4 ? this.hash : Bun.hash.xxHash32(bytes.subarray(0, 8), this.seed);
  }
}

const UNANSWERABLE: ReadonlySet<string> = new Set(["broadcast", "multicast", "unspecified"]);

/**
 * The broadcast addresses of the networks this machine is in at this moment. A network that is joined later is not among
 * them; the kernel is the second wall, as it sends nothing to a broadcast address without SO_BROADCAST, which is never set.
 */
export function broadcastAddresses(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return new Set(
    addresses.flatMap(({ family, cidr }) =>
      // RFC 3021: a /31 or /32 has no broadcast address.
      family === "IPv4" && cidr !== null && !/\/3[12]$/.test(cidr)
        ? ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString()
        : [],
    ),
  );
}
