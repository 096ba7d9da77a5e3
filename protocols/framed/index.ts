import { encodeFrame } from "../../src/bytes/framer.ts";
import type { Connection, Protocol, Session } from "../../src/net/protocol.ts";
import type { DoorKind } from "../door-kind.ts";
import { streamDoors } from "../stream-doors.ts";
import { AckEcho } from "./ack-echo.ts";
import { FrameForm } from "./form.ts";
import type { FramedHost } from "./framing.ts";
import { framedOptions } from "./options.ts";
import { FramedSession } from "./session.ts";
import { mirror } from "./violation.ts";

/** Frames: a header that says the length of the body, and the body. The contract is in README.md. */
export class FramedProtocol implements Protocol {
  readonly name = "framed";
  readonly busy: Uint8Array;
  readonly banned: Uint8Array;

  constructor(
    private readonly host: FramedHost,
    private readonly ack = false,
  ) {
    this.busy = host.form.bye({ event: "bye", reason: "busy", text: "the server is full; try again later" });
    this.banned = host.form.bye({ event: "bye", reason: "banned", text: "you are banned here" });
  }

  open(conn: Connection): Session {
    return this.ack ? new AckEcho(this.host, conn) : new FramedSession(this.host, conn);
  }
}

const HELLO = Buffer.from("hello");

/** Bytes as `printf` takes them: those that are no letters in octal. */
function octal(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("latin1")
    .replace(/[^a-z]/g, (char) => `\\${char.charCodeAt(0).toString(8)}`);
}

export const framedDoor: DoorKind<typeof framedOptions> = {
  name: "framed",
  title: "frames",
  offset: 0,
  wellKnown: null,
  tls: { name: "framed-tls", offset: 1, wellKnown: null },
  summary: "frames for programs",
  options: framedOptions,
  paste: (host, port, { frameHeader, frameAck }) => {
    const frame = Buffer.from(encodeFrame(frameHeader, HELLO));
    const [header, body] = [frame.subarray(0, frameHeader.size), frame.subarray(frameHeader.size)].map(octal);
    // A second is longer than the way of the header and back; behind the body is the `ok` for the answer's header.
    if (frameAck) return `(printf '${header}'; sleep 1; printf '${body}ok') | nc -N ${host} ${port}`;
    return `printf '${header}${body}' | nc -N ${host} ${port}`;
  },
  // The bytes of "!I"; `>L` and `!i` are other names for them, as long as no frame is of 2 GiB.
  ownClients: ({ frameHeader, frameAck }) => !frameAck && frameHeader.size === 4 && !frameHeader.littleEndian,
  open(context) {
    const { runtime, hub, gate, vault, config, allow, maxFrame, server, portOf, pageFor } = context;
    const header = config.frameHeader;
    const host: FramedHost = {
      form: new FrameForm(header),
      mirrored: mirror(header),
      maxFrame: Math.min(maxFrame, header.most),
      messageMs: runtime.limits.messageMs,
      stallMs: runtime.limits.stallMs,
      idleMs: config.frameIdle,
      hub,
      gate,
      vault,
      server,
      allow,
      portOf,
      pageFor,
    };
    const protocol = new FramedProtocol(host, config.frameAck);
    return streamDoors(context, { name: "framed", protocol, idleMs: config.frameIdle, keepAlive: true });
  },
};
