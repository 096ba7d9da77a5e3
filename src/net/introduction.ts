import { ProtocolError } from "../bytes/decoder.ts";
import { ProxyHeader } from "../bytes/proxy-header.ts";
import type { Session } from "./protocol.ts";
import type { ProxiedConnection } from "./proxied-connection.ts";

/** Proxies send their header at once. Who says nothing for so long is a client, maybe of a door that speaks first. */
const SILENCE_MS = 1_000;

/**
 * The beginning of a connection from a trusted proxy: bytes that match the signature of the PROXY protocol are its
 * header, and must be completed; all others are the peer's own, as is silence. The door's session comes behind it.
 */
export class Introduction implements Session {
  private readonly header = new ProxyHeader();
  private expected = false;

  constructor(
    private readonly conn: ProxiedConnection,
    private readonly headerMs: number,
  ) {
    conn.deadline("handshake", SILENCE_MS);
  }

  get buffered(): number {
    return this.header.buffered;
  }

  /** A header has begun: the deadline is one for its end. */
  get begun(): boolean {
    return this.header.begun;
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    const introduced = this.read(() => this.header.push(chunk));
    if (introduced !== null) {
      this.conn.introduce(introduced.peer);
      return this.conn.first(introduced.rest);
    }
    if (!this.begun || this.expected) return;
    this.expected = true;
    this.conn.deadline("handshake", this.headerMs);
  }

  /** No header comes any more. What came is the peer's own; null when it is a part of one, which ends the connection. */
  giveUp(): Uint8Array | null {
    return this.read(() => this.header.giveUp());
  }

  private read<T>(from: () => T): T | null {
    try {
      return from();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.conn.kill({ kind: "violation", detail: error.message });
      return null;
    }
  }
}
