import { upper } from "../../src/bytes/upper.ts";
import type { Connection, Protocol, Session } from "../../src/net/protocol.ts";

/** What is sent instead of the peer's own words; null: nothing, and upper case. */
export interface EchoTexts {
  readonly greeting: Uint8Array | null;
  readonly reply: Uint8Array | null;
}

/** Echo over TCP: whatever comes goes back with its ASCII letters in upper case, byte for byte. */
export class EchoProtocol implements Protocol {
  readonly name = "echo";
  readonly busy = Buffer.from("too many connections; try again later\r\n");
  readonly banned = Buffer.from("you are banned here\r\n");

  constructor(private readonly texts: EchoTexts) {}

  open(conn: Connection): Session {
    const { greeting, reply } = this.texts;
    if (greeting !== null) conn.send(greeting);
    return new EchoSession(conn, reply);
  }
}

/** Holds nothing: 10,000 idle connections shall cost 2,000 bytes each, all in all. */
class EchoSession implements Session {
  constructor(
    private readonly conn: Connection,
    private readonly reply: Uint8Array | null,
  ) {}

  /** A peer that sends and never reads is paused, so that what it sends waits in its own kernel and not here. */
  onData(chunk: Uint8Array): void | Promise<void> {
    if (!this.conn.send(this.reply ?? upper(chunk))) return this.conn.drained().then(goOn);
  }
}

function goOn(): void {}

/** Says that there is no echo (`--deny-echo`), and ends. */
export const deniedEcho: Protocol = {
  name: "echo",
  open(conn) {
    conn.finish(Buffer.from("nobody is echoed here\r\n"));
    return { onData() {} };
  },
};
