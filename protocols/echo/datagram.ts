import { upper } from "../../src/bytes/upper.ts";
import type { DatagramProtocol } from "../../src/net/protocol.ts";

/**
 * Echo over UDP: every datagram is answered by one. Whether it is answered at all, and that the answer is no larger, is the
 * business of the door.
 */
export function echoDatagrams(fixedReply: Uint8Array | null): DatagramProtocol {
  return { onDatagram: (bytes, _, reply) => reply(fixedReply ?? upper(bytes)) };
}
