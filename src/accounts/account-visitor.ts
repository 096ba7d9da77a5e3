import type { Account } from "./account.ts";
import type { PeerAddress } from "./gate.ts";
import type { Permission } from "./permission.ts";
import type { Registry } from "./registry.ts";
import type { AnonymousRights } from "./stranger.ts";
import type { Visitor } from "./visitor.ts";

export interface VisitorParts {
  readonly registry: Registry;
  /** What everybody may do, and what no account may do either. */
  readonly anonymous: AnonymousRights;
  readonly denied: ReadonlySet<Permission>;
}

/** Somebody who has logged in. What the account may do is looked up at every use. */
export class AccountVisitor implements Visitor {
  readonly account: string;
  /** Of the account, and its password's at the login. */
  readonly id: number;
  readonly hash: string;
  readonly owner: string;
  readonly home: string;
  readonly host: string;
  readonly countedHost: string | undefined;

  constructor(
    { id, name, key, home, hash, created }: Account,
    { host, countedHost }: PeerAddress,
    private readonly o: VisitorParts,
  ) {
    this.id = id;
    this.hash = hash;
    this.account = name;
    this.owner = `account:${key}:${created}`;
    this.home = home;
    this.host = host;
    this.countedHost = countedHost;
  }

  get ended(): boolean {
    return this.current === null;
  }

  may(permission: Permission): boolean {
    const { anonymous, denied } = this.o;
    const { current } = this;
    if (current === null || denied.has(permission)) return false;
    const { permissions } = current;
    // Who may overwrite may also add.
    const implied = permission === "upload" && permissions.has("write");
    return anonymous.has(permission) || permissions.has(permission) || implied;
  }

  /**
   * The account as it is now; null when this login does not count any more. Who was given another home must not go on in the
   * old one, which may be all of the share.
   */
  private get current(): Account | null {
    const account = this.o.registry.get(this.id);
    return account?.hash === this.hash && account.home === this.home ? account : null;
  }
}
