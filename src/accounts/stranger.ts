import type { PeerAddress } from "./gate.ts";
import type { Permission } from "./permission.ts";
import type { Visitor } from "./visitor.ts";

/** What everybody may do who has not logged in. */
export type AnonymousRights = ReadonlySet<Permission>;

/** A visitor without an account. */
export function stranger(peer: PeerAddress, rights: AnonymousRights): Visitor {
  return {
    account: null,
    owner: `address:${peer.key}`,
    host: peer.host,
    countedHost: peer.countedHost,
    home: "/",
    may: (permission) => rights.has(permission),
  };
}
