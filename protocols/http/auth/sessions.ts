import type { Visitor } from "../../../src/accounts/visitor.ts";
import type { Clock } from "../../../src/clock.ts";

/** A login ends so long after its last use. */
export const SESSION_MS = 12 * 3_600_000;
/** Logins that are remembered at a time; the one that was used longest ago makes room. */
const MOST = 10_000;

interface Login {
  readonly visitor: Visitor;
  usedAt: number;
}

/** Who has logged in with a browser, by a secret of 128 random bits that only its cookie holds. */
export class Sessions {
  /** The one used last is last. */
  private readonly logins = new Map<string, Login>();

  constructor(private readonly clock: Clock) {}

  /** The secret of a new login. */
  open(visitor: Visitor): string {
    const [oldest] = this.logins.keys();
    if (this.logins.size >= MOST && oldest !== undefined) this.logins.delete(oldest);
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
    this.logins.set(secret, { visitor, usedAt: this.clock.mono() });
    return secret;
  }

  /** Whose login it is; null when it is none, or no longer. */
  find(secret: string): Visitor | null {
    const login = this.logins.get(secret);
    if (login === undefined) return null;
    this.logins.delete(secret);
    const now = this.clock.mono();
    if (now - login.usedAt > SESSION_MS || login.visitor.ended) return null;
    login.usedAt = now;
    this.logins.set(secret, login);
    return login.visitor;
  }

  close(secret: string): void {
    this.logins.delete(secret);
  }
}
