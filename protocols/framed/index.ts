import type { Connection, Protocol, Session } from "../../src/net/protocol.ts";
import { StreamDoor } from "../../src/net/reactor.ts";
import type { DoorKind } from "../door-kind.ts";
import { AckSession } from "./ack-session.ts";
import { byeFor } from "./bye.ts";
import { encodeIfSayable } from "./diagnosis.ts";
import { FrameCodec } from "./events.ts";
import type { FramedHost } from "./host.ts";
import { framedOptions } from "./options.ts";
import { FramedSession } from "./session.ts";

/** Length-prefixed frames; see README.md for what is on the wire. */
export class FramedProtocol implements Protocol {
  readonly name = "framed";
  readonly busy: Uint8Array;

  constructor(
    private readonly host: FramedHost,
    private readonly ack: boolean,
  ) {
    const words = byeFor({ kind: "busy" });
    this.busy = words ? encodeIfSayable(host.header, words) : new Uint8Array(0);
  }

  open(conn: Connection): Session {
    return this.ack ? new AckSession(this.host, conn) : new FramedSession(this.host, conn);
  }
}

export const framedDoor: DoorKind<typeof framedOptions> = {
  name: "framed",
  offset: 0,
  wellKnown: null,
  summary: "length-prefixed frames for programs",
  options: framedOptions,
  paste: (host, port) => `tincan chat ${host.includes(":") ? `[${host}]` : host}:${port}`,
  open({ runtime, hub, config, listen, allow, maxFrame, server, portOf }) {
    const { frameHeader: header, frameAck } = config;
    const host: FramedHost = {
      hub,
      header,
      maxFrame: Math.min(maxFrame, header.most),
      messageMs: runtime.limits.messageMs,
      allow,
      server,
      events: new FrameCodec(header),
      portOf,
    };
    return new StreamDoor(runtime, {
      name: "framed",
      protocol: new FramedProtocol(host, frameAck),
      listen,
      keepAlive: true,
    });
  },
};
