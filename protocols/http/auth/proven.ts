import type { Credentials, PeerAddress } from "../../../src/accounts/gate.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import type { Clock } from "../../../src/clock.ts";

/** A password that was right is taken for right again so long, for the same address. */
const PROVEN_MS = 60_000;
const MOST = 1_000;

interface Proof {
  readonly visitor: Visitor;
  readonly at: number;
}

/**
 * Basic logins that were checked a moment ago: programs send theirs with every request, and a check costs what it costs
 * on purpose. Only a keyed hash of a login is kept; the key dies with the daemon.
 */
export class Proven {
  private readonly key = crypto.getRandomValues(new Uint8Array(32));
  private readonly proofs = new Map<string, Proof>();

  constructor(private readonly clock: Clock) {}

  find(credentials: Credentials, peer: PeerAddress): Visitor | null {
    const proof = this.proofs.get(this.hashOf(credentials, peer));
    if (proof === undefined || this.clock.mono() - proof.at > PROVEN_MS) return null;
    return proof.visitor.ended ? null : proof.visitor;
  }

  add(credentials: Credentials, peer: PeerAddress, visitor: Visitor): void {
    if (this.proofs.size >= MOST) this.proofs.clear();
    this.proofs.set(this.hashOf(credentials, peer), { visitor, at: this.clock.mono() });
  }

  private hashOf({ user, password }: Credentials, { key }: PeerAddress): string {
    const hasher = new Bun.CryptoHasher("sha256", this.key);
    return hasher.update(JSON.stringify([user, password, key])).digest("base64url");
  }
}
