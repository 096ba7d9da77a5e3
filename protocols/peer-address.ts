import type { PeerAddress } from "../src/accounts/gate.ts";
import { addressKey, countedHost, isLocal } from "../src/net/address.ts";
import type { Connection } from "../src/net/protocol.ts";

/** The peer of a connection as the gate sees it. A Unix socket is this machine's own user, so it counts as loopback. */
export function peerAddress(conn: Connection): PeerAddress {
  const { remote, proxied, tls } = conn;
  const { host } = remote;
  const counted = countedHost(host, proxied !== null);
  const encrypted = proxied?.encrypted === true || (tls !== null && proxied?.byRequest !== true);
  return { host, key: addressKey(counted), countedHost: counted, loopback: isLocal(conn), encrypted };
}
