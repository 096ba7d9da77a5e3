import ipaddr from "ipaddr.js";
import { type Address, plainHost } from "../../../src/net/address.ts";
import { NoRoomError } from "../../../src/net/data-net.ts";
import type { Arrival, Connection, Net, OneShot } from "../../../src/net/protocol.ts";
import { CONNECT_MS, type DataSource } from "../data-source.ts";
import { unreached } from "./explain.ts";
import type { PassivePorts } from "./passive-ports.ts";

/** Who has connected to a passive port although it was not meant. */
export interface Strangers {
  count: number;
  last: string;
}

export interface PassiveOptions {
  readonly ports: PassivePorts;
  /** The control connection. */
  readonly control: Connection;
  readonly net: Net;
  /** The address that the client will try; in EPSV it is the one that it has reached. */
  readonly announced: string;
  /** `--passive-address` said so. */
  readonly configured: boolean;
  /** Told of the first stranger alone. */
  onStranger(address: Address): void;
  /** Told when the client did not come; the sentence is for the operator. */
  onUnreached(sentence: string): void;
}

/** A port on which the client of a control connection is waited for, and nobody else. */
export class PassiveSource implements DataSource {
  readonly port: number;
  private arrival: Arrival | null = null;
  private dropped = false;

  private constructor(
    private readonly o: PassiveOptions,
    private readonly oneShot: OneShot,
    private readonly strangers: Strangers,
  ) {
    this.port = oneShot.port;
    oneShot.arrived.then(
      (arrival) => this.keep(arrival),
      () => {},
    );
  }

  /** @throws NoPortError when all ports are taken for 5 s */
  static async open(o: PassiveOptions): Promise<PassiveSource> {
    const strangers: Strangers = { count: 0, last: "" };
    const oneShot = await o.ports.listen(o.net, {
      host: reachable(o.control.local.host),
      from: o.control.remote.host,
      timeoutMs: CONNECT_MS,
      onStranger(address) {
        strangers.last = plainHost(address.host);
        if (strangers.count++ === 0) o.onStranger(address);
      },
    });
    return new PassiveSource(o, oneShot, strangers);
  }

  async connect(): Promise<Arrival> {
    try {
      return await this.oneShot.arrived;
    } catch (error) {
      if (this.dropped || error instanceof NoRoomError) throw error;
      const { announced, configured, control, ports } = this.o;
      const peer = plainHost(control.remote.host);
      const sentence = unreached({
        announced,
        configured,
        port: this.port,
        peer,
        seconds: CONNECT_MS / 1000,
        ports: ports.range,
        strangers: this.strangers,
      });
      this.o.onUnreached(sentence);
      throw new Error(sentence);
    }
  }

  drop(): void {
    this.dropped = true;
    this.oneShot.cancel();
    this.arrival?.conn.kill({ kind: "local" });
  }

  private keep(arrival: Arrival): void {
    this.arrival = arrival;
    if (this.dropped) arrival.conn.kill({ kind: "local" });
  }
}

/**
 * Where to listen for who has reached this address. One of a single link is none without the name of that link (RFC 4007,
 * section 11), which Bun does not tell; all addresses will do, because only the client's own is let in.
 */
function reachable(host: string): string {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "linkLocal" && host.includes(":") ? "::" : host;
}

/** The four numbers of an IPv4 address and the two of a port (RFC 959, section 4.1.2, PASV). */
export function hostPort(host: string, port: number): string {
  return [...host.split("."), port >> 8, port & 0xff].join(",");
}

/** Whether the control connection is over IPv6, whose addresses PASV cannot say. */
export function isIpv6(control: Connection): boolean {
  const { host } = control.local;
  return ipaddr.isValid(host) && ipaddr.process(host).kind() === "ipv6";
}
