import ipaddr from "ipaddr.js";
import { socketOption } from "../libc.ts";
import { type Address, plainHost, socketAddress } from "./address.ts";

const SOL_SOCKET = 1;
const SO_PEERNAME = 28;
const AF_INET = 2;
const AF_INET6 = 10;
/** Of `sockaddr_in6` and `sockaddr_in`; Linux refuses to give more bytes than the address has. */
const LENGTHS = [28, 16];

/**
 * Whose a connection is that was reset before it was accepted: getpeername(2), and so Bun, tells that of living connections
 * alone, the option SO_PEERNAME of these too. Null where the system does not tell.
 */
export function formerPeer(fd: number): Address | null {
  for (const length of LENGTHS) {
    const name = socketOption(fd, SOL_SOCKET, SO_PEERNAME, length);
    if (name === null) continue;
    const view = new DataView(name.buffer);
    const family = view.getUint16(0, true);
    const bytes = family === AF_INET ? name.subarray(4, 8) : family === AF_INET6 ? name.subarray(8, 24) : null;
    if (bytes === null) return null;
    return socketAddress(plainHost(ipaddr.fromByteArray([...bytes]).toString()), view.getUint16(2));
  }
  return null;
}
