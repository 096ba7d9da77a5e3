import type { PeerAddress } from "../src/accounts/gate.ts";
import { addressKey, isLoopback } from "../src/net/address.ts";
import type { Connection } from "../src/net/protocol.ts";

/** The peer of a connection as the gate sees it. A Unix socket is this machine's own user, so it counts as loopback. */
export function peerAddress({ remote, tls }: Connection): PeerAddress {
  const { family, host } = remote;
  const local = family === "unix" || isLoopback(host);
  return { host, key: addressKey(host), loopback: local, encrypted: tls !== null };
}
