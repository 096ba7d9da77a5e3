import { LOGIN_MS, type PeerAddress, type RememberedLogins } from "../../../src/accounts/gate.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import type { Clock } from "../../../src/clock.ts";

/** Logins that are at hand at a time; the one that was used longest ago makes room. */
const MOST = 10_000;
/** How often the use of a login is written down: so much earlier it may end where the daemon has ended meanwhile. */
const WRITE_MS = 600_000;

interface Login {
  visitor: Visitor;
  usedAt: number;
  writtenAt: number;
}

/** Who has logged in with a browser, by a secret of 128 random bits that only its cookie holds. */
export class Sessions {
  /** The one used last is last. */
  private readonly logins = new Map<string, Login>();

  /** @param kept where logins outlive the daemon */
  constructor(
    private readonly clock: Clock,
    private readonly kept?: RememberedLogins,
  ) {}

  /** The secret of a new login. */
  open(visitor: Visitor): string {
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
    this.hold(secret, visitor);
    this.kept?.add(hashOf(secret), visitor);
    return secret;
  }

  /** Whose login it is; null when it is none, or no longer. */
  find(secret: string, peer: PeerAddress): Visitor | null {
    const login = this.logins.get(secret) ?? this.recall(secret, peer);
    if (login === null) return null;
    this.logins.delete(secret);
    const now = this.clock.mono();
    if (now - login.usedAt > LOGIN_MS || login.visitor.ended) return null;
    // A phone has left one network for another: what it does is told of by where it is now.
    if (login.visitor.host !== peer.host) login.visitor = this.kept?.find(hashOf(secret), peer) ?? login.visitor;
    login.usedAt = now;
    this.logins.set(secret, login);
    if (now - login.writtenAt > WRITE_MS) {
      login.writtenAt = now;
      this.kept?.use(hashOf(secret));
    }
    return login.visitor;
  }

  close(secret: string): void {
    this.logins.delete(secret);
    this.kept?.remove(hashOf(secret));
  }

  /** One of an earlier daemon, or that had to make room. */
  private recall(secret: string, peer: PeerAddress): Login | null {
    const visitor = this.kept?.find(hashOf(secret), peer) ?? null;
    if (visitor === null) return null;
    this.kept?.use(hashOf(secret));
    return this.hold(secret, visitor);
  }

  private hold(secret: string, visitor: Visitor): Login {
    const [oldest] = this.logins.keys();
    if (this.logins.size >= MOST && oldest !== undefined) this.logins.delete(oldest);
    const now = this.clock.mono();
    const login = { visitor, usedAt: now, writtenAt: now };
    this.logins.set(secret, login);
    return login;
  }
}

function hashOf(secret: string): string {
  return new Bun.CryptoHasher("sha256").update(secret).digest("base64url");
}
