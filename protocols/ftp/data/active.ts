import ipaddr from "ipaddr.js";
import { plainHost } from "../../../src/net/address.ts";
import { NoRoomError } from "../../../src/net/data-net.ts";
import type { Arrival, Net } from "../../../src/net/protocol.ts";
import { CONNECT_MS, type DataSource } from "../data-source.ts";

/** Where a client listens for its data connection. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** An address that the server dials, which was checked to be the client's own. */
export class ActiveSource implements DataSource {
  private readonly dropped = new AbortController();
  private arrival: Arrival | null = null;

  constructor(
    private readonly net: Net,
    private readonly to: HostPort,
    /** The address that the client has reached: where a machine has several, firewalls expect the data from that one. */
    private readonly from: string,
  ) {}

  async connect(): Promise<Arrival> {
    const { host, port } = this.to;
    const { from } = this;
    const { signal } = this.dropped;
    const arrival = await this.net.dial({ host, port, from, timeoutMs: CONNECT_MS, signal }).catch((error: unknown) => {
      if (error instanceof NoRoomError) throw error;
      throw new Error(`cannot connect to you at ${host} port ${port}; behind NAT or a firewall use passive mode`);
    });
    this.arrival = arrival;
    if (signal.aborted) arrival.conn.kill({ kind: "local" });
    return arrival;
  }

  drop(): void {
    this.dropped.abort();
    this.arrival?.conn.kill({ kind: "local" });
  }
}

/** `h1,h2,h3,h4,p1,p2` of PORT (RFC 959, section 5.3.2); null when it is not that. */
export function parsePort(argument: string): HostPort | null {
  const numbers = argument.split(",");
  if (numbers.length !== 6 || !numbers.every((text) => /^\d{1,3}$/.test(text) && Number(text) <= 255)) return null;
  const [, , , , high = "", low = ""] = numbers;
  return { host: numbers.slice(0, 4).map(Number).join("."), port: Number(high) * 256 + Number(low) };
}

/** `|1|132.235.1.2|6275|` of EPRT (RFC 2428, section 2); null when it is not that, `family` when it is of another. */
export function parseEprt(argument: string): HostPort | "family" | null {
  const delimiter = argument[0] ?? "";
  if (!/[!-~]/.test(delimiter)) return null;
  const parts = argument.split(delimiter);
  const [before, family = "", host = "", portText = "", after] = parts;
  if (parts.length !== 5 || before !== "" || after !== "" || !/^\d{1,5}$/.test(family)) return null;
  if (family !== "1" && family !== "2") return "family";
  const isAddress = family === "1" ? ipaddr.IPv4.isValidFourPartDecimal(host) : ipaddr.IPv6.isValid(host);
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  return isAddress && port > 0 && port <= 65_535 ? { host: plainHost(host), port } : null;
}

/**
 * Why the server does not connect there; null when it may. Only to the client itself, and to no port of a system service:
 * a server that dials anybody scans and attacks for whoever asks (FTP bounce, CVE-1999-0017; RFC 2577, section 3).
 */
export function refusesTarget({ host, port }: HostPort, peer: string): string | null {
  if (normal(host) !== normal(peer)) return "data connections go to your own address alone";
  return port < 1024 ? "data connections go to ports from 1024 up alone" : null;
}

function normal(host: string): string {
  return ipaddr.isValid(host) ? ipaddr.process(host).toString() : host;
}
