import type { Gate, Login, PeerAddress } from "./gate.ts";
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
    home: "/",
    may: (permission) => rights.has(permission),
  };
}

/** The gate of a daemon without accounts: everybody is a stranger, and nobody's password is right. */
export class OpenGate implements Gate {
  constructor(private readonly rights: AnonymousRights) {}

  anonymous(peer: PeerAddress): Visitor {
    return stranger(peer, this.rights);
  }

  login(): Promise<Login> {
    return Promise.resolve({ ok: false, code: "bad-login", message: "the name or the password is wrong" });
  }

  refusesPlain(): string | null {
    return null;
  }
}
