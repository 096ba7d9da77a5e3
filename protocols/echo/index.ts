import { joinDoors } from "../../src/net/door.ts";
import { StreamDoor } from "../../src/net/stream-door.ts";
import { DatagramDoor, sameAddresses } from "../../src/net/udp.ts";
import type { DoorKind } from "../door-kind.ts";
import { echoDatagrams } from "./datagram.ts";
import { echoOptions } from "./options.ts";
import { deniedEcho, EchoProtocol } from "./session.ts";

/** The echo door: upper case over TCP and, on the same port numbers, over UDP. The contract is in README.md. */
export const echoDoor: DoorKind<typeof echoOptions> = {
  name: "echo",
  offset: 7,
  wellKnown: 7,
  summary: "sends back upper case",
  needs: "echo",
  options: echoOptions,
  paste: (host, port) => `nc ${host} ${port}`,
  open({ runtime, config, listen, allow }) {
    const greeting = bytesOf(config.echoGreeting);
    const reply = bytesOf(config.echoReply);
    const tcp = new StreamDoor(runtime, {
      name: "echo",
      protocol: allow.echo ? new EchoProtocol({ greeting, reply }) : deniedEcho,
      listen,
      idleMs: config.echoIdle,
    });
    if (!allow.echo) return tcp;
    const udp = new DatagramDoor(runtime, {
      name: "echo",
      protocol: echoDatagrams(reply),
      listen: () => sameAddresses(listen, tcp.listeners),
      noLargerAnswer: true,
      loopbackOnly: !allow.udp,
    });
    return joinDoors("echo", [tcp, udp]);
  },
};

function bytesOf(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text);
}
