import type { Gate, Login, PeerAddress } from "../../src/accounts/gate.ts";
import { type AnonymousRights, stranger } from "../../src/accounts/stranger.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";

/** A gate without accounts, for doors under test: everybody is a stranger, and nobody's password is right. */
export class OpenGate implements Gate {
  constructor(private readonly rights: AnonymousRights) {}

  anonymous(peer: PeerAddress): Visitor {
    return stranger(peer, this.rights);
  }

  login(): Promise<Login> {
    return Promise.resolve({ ok: false, code: "bad-login", message: "the name or the password is wrong" });
  }

  hasAccounts(): Promise<boolean> {
    return Promise.resolve(false);
  }

  refusesPlain(): string | null {
    return null;
  }
}
