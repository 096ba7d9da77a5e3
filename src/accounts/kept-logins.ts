import type { Clock } from "../clock.ts";
import { AccountVisitor, type VisitorParts } from "./account-visitor.ts";
import { LOGIN_MS, type PeerAddress, type RememberedLogins } from "./gate.ts";
import type { Visitor } from "./visitor.ts";

/** Remembers logins in the file of the accounts. Where that cannot be written they end with the daemon. */
export class KeptLogins implements RememberedLogins {
  constructor(private readonly o: VisitorParts & { readonly clock: Clock }) {}

  add(secret: string, visitor: Visitor): void {
    const { registry, clock } = this.o;
    if (visitor instanceof AccountVisitor) registry.withLogins((table) => table.add(secret, visitor, clock.now()));
  }

  find(secret: string, peer: PeerAddress): Visitor | null {
    const { registry, clock } = this.o;
    const kept = registry.withLogins((table) => table.find(secret));
    if (kept === null || clock.now() - kept.used > LOGIN_MS) return null;
    const account = registry.get(kept.account);
    return account !== null && account.hash === kept.hash ? new AccountVisitor(account, peer, this.o) : null;
  }

  use(secret: string): void {
    const { registry, clock } = this.o;
    registry.withLogins((table) => table.use(secret, clock.now()));
  }

  remove(secret: string): void {
    this.o.registry.withLogins((table) => table.remove(secret));
  }
}
