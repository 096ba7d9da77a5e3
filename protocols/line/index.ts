import { ByNetwork } from "../../src/net/by-network.ts";
import type { Connection, Protocol, Session } from "../../src/net/protocol.ts";
import type { DoorKind } from "../door-kind.ts";
import { peerAddress } from "../peer-address.ts";
import { streamDoors } from "../stream-doors.ts";
import { utf8Form } from "./form.ts";
import { lineOptions } from "./options.ts";
import { EntryRefused, type LineHost, LineSession } from "./session.ts";

/** A peer that was told why it cannot stay. */
const turnedAway: Session = { onData() {} };

/** The chat for netcat and telnet; see README.md for what is on the wire. */
export class LineProtocol implements Protocol {
  readonly name = "line";
  readonly busy = utf8Form.notice("the server is full, try again later");
  readonly banned = utf8Form.notice("you are banned here");

  constructor(private readonly host: LineHost) {}

  open(conn: Connection): Session {
    try {
      return new LineSession(this.host, conn);
    } catch (error) {
      if (!(error instanceof EntryRefused)) throw error;
      conn.finish(utf8Form.notice(error.message));
      return turnedAway;
    }
  }
}

/** The protocol of a door whose peers may not chat: says so and closes. */
class ClosedProtocol implements Protocol {
  readonly name = "line";

  open(conn: Connection): Session {
    conn.finish(utf8Form.notice("chat is not allowed here"));
    return turnedAway;
  }
}

export const lineDoor: DoorKind<typeof lineOptions> = {
  name: "line",
  offset: 23,
  wellKnown: 23,
  tls: { name: "telnets", offset: 992, wellKnown: 992 },
  summary: "chat for nc and telnet",
  needs: "chat",
  options: lineOptions,
  paste: (host, port) => `nc ${host} ${port}`,
  open(context) {
    const { runtime, hub, gate, vault, allow, config, portOf, pageFor, reachFor } = context;
    const { clock, limits } = runtime;
    const { messageMs } = limits;
    const enterFiles = (conn: Connection) => vault?.enter(gate.anonymous(peerAddress(conn)), "line") ?? null;
    const charsets = new ByNetwork(config.lineCharset);
    const protocol = allow.chat
      ? new LineProtocol({ hub, messageMs, charsets, enterFiles, clock, portOf, pageFor, reachFor })
      : new ClosedProtocol();
    return streamDoors(context, { name: "line", protocol, keepAlive: true });
  },
};
