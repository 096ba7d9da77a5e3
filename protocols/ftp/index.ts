import { hostInUrl } from "../../src/bytes/url.ts";
import type { Values } from "../../src/config/option.ts";
import { ByNetwork } from "../../src/net/by-network.ts";
import type { ListenSpec } from "../../src/net/listen.ts";
import type { Connection, Net, Protocol, Session } from "../../src/net/protocol.ts";
import type { DoorKind } from "../door-kind.ts";
import { streamDoors } from "../stream-doors.ts";
import { PassivePorts, type PortRange } from "./data/passive-ports.ts";
import type { FtpHost } from "./host.ts";
import { ftpOptions } from "./options.ts";
import { replyText } from "./reply.ts";
import { FtpSession } from "./session.ts";

/** Passive ports begin so far above the base port, and are so many. */
const PASSIVE_OFFSET = 1100;
const PASSIVE_COUNT = 100;

class FtpProtocol implements Protocol {
  readonly name = "ftp";
  readonly busy = Buffer.from(replyText({ code: 421, text: "the server is full; try again later" }));
  readonly banned = Buffer.from(replyText({ code: 421, text: "you are banned here" }));

  constructor(private readonly host: FtpHost) {}

  open(conn: Connection, net: Net): Session {
    return new FtpSession(this.host, conn, net);
  }
}

/** Files for every FTP client; what is on the wire is in README.md. */
export const ftpDoor: DoorKind<typeof ftpOptions> = {
  name: "ftp",
  title: "FTP",
  offset: 21,
  wellKnown: 21,
  tls: {
    name: "ftps",
    offset: 990,
    wellKnown: 990,
    upgrade: "AUTH TLS",
    paste: (host, port) => `curl -k ftps://${hostInUrl(host)}:${port}/`,
  },
  summary: "files for FTP clients",
  options: ftpOptions,
  paste: (host, port) => `curl ftp://${hostInUrl(host)}:${port}/`,
  needsFiles: true,
  open(context) {
    const { runtime, gate, vault, tls, config, server, basePort, pageFor } = context;
    if (vault === null) throw new Error("the FTP door needs files");
    const { clock, log, limits } = runtime;
    const protocol = new FtpProtocol({
      gate,
      vault,
      log,
      clock,
      server,
      pageFor,
      tls,
      requireTls: config.ftpRequireTls,
      idleMs: config.ftpIdle,
      messageMs: limits.messageMs,
      ports: new PassivePorts(passiveRange(config, basePort, [...context.listen, ...context.listenTls]), clock),
      addresses: new ByNetwork(config.passiveAddress),
      charsets: new ByNetwork(config.ftpCharset),
    });
    return streamDoors(context, { name: "ftp", protocol, keepAlive: true });
  },
};

/** Null: any port that is free, as where the door's own is any that is free. */
function passiveRange(
  { passivePorts }: Values<typeof ftpOptions>,
  basePort: number,
  listen: readonly ListenSpec[],
): PortRange | null {
  if (passivePorts !== null) return passivePorts;
  const from = basePort + PASSIVE_OFFSET;
  const to = from + PASSIVE_COUNT - 1;
  const isAnywhere = listen.some((spec) => "port" in spec && spec.port === 0);
  return isAnywhere || basePort === 0 || to > 65_535 ? null : { from, to };
}
