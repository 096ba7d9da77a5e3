import { LineProtocol } from "../../../protocols/line/index.ts";
import type { Charset } from "../../../src/bytes/charset.ts";
import { Hub } from "../../../src/chat/hub.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import { systemClock } from "../../../src/clock.ts";
import type { Vault } from "../../../src/files/vault.ts";
import { ByNetwork, type NetworkRule } from "../../../src/net/by-network.ts";
import { visitor } from "../../files/share.ts";
import { MemoryConnection } from "../../support/memory-connection.ts";

/** A hub with a line door whose connections are in memory. */
export class Chat {
  readonly hub: Hub;
  private readonly protocol: LineProtocol;
  private connections = 0;
  /** The files that are shared. */
  vault: Vault | null = null;

  constructor(rate = 0, clock = systemClock, charsets: readonly NetworkRule<Charset>[] = []) {
    this.hub = new Hub({ log: new MemoryLog(), clock, rate });
    const ports: Record<string, number> = { http: 8480, framed: 8400, ftp: 8421 };
    this.protocol = new LineProtocol({
      hub: this.hub,
      messageMs: 60_000,
      charsets: new ByNetwork(charsets),
      enterFiles: () => this.vault?.enter(visitor(["read"]), "line") ?? null,
      clock,
      portOf: (door) => ports[door] ?? null,
      pageFor: (at) => `http://${at}:8480/`,
      reachFor: (host) => ({ host, framed: 8400, ftp: 8421, http: `http://${host}:8480/files` }),
    });
  }

  /** Somebody who has connected at this very moment. */
  open(host?: string): MemoryConnection {
    const conn = new MemoryConnection(++this.connections, host);
    conn.session = this.protocol.open(conn);
    return conn;
  }

  /** Somebody who has just connected and has seen the greeting, which is still to be taken. */
  async connect(host?: string): Promise<MemoryConnection> {
    const conn = this.open(host);
    await new Promise(setImmediate);
    return conn;
  }

  /** Somebody with this name; nobody has anything left to take. */
  async enter(name: string, ...others: MemoryConnection[]): Promise<MemoryConnection> {
    const conn = await this.connect();
    await conn.type(`/nick ${name}\n`);
    for (const each of [conn, ...others]) each.takeBytes();
    return conn;
  }
}
