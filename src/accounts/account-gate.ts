import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Account } from "./account.ts";
import { AccountVisitor } from "./account-visitor.ts";
import { FailedLogins } from "./failed-logins.ts";
import type { Credentials, Gate, Login, LoginRefusalCode, PeerAddress, RememberedLogins } from "./gate.ts";
import { KeptLogins } from "./kept-logins.ts";
import { verifyPassword } from "./password.ts";
import type { Permission } from "./permission.ts";
import type { Registry } from "./registry.ts";
import { type AnonymousRights, stranger } from "./stranger.ts";
import { Turnstile } from "./turnstile.ts";
import type { Visitor } from "./visitor.ts";

/** Failures within an hour after which an address is banned, and for how long. */
const MOST_FAILURES = 10;
const BAN_MS = 3_600_000;
/** Passwords that are hashed at a time, each with 19 MiB, and how many may wait for that: each is of another address. */
const HASHING = 2;
const MOST_WAITING = 64;
/** Attempts of one address that may wait for each other: as many as it may have connections. */
const MOST_WAITING_OF_ONE = 256;

export interface AccountGateOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  /** What everybody may do, and what no account may do either. */
  readonly anonymous: AnonymousRights;
  readonly denied: ReadonlySet<Permission>;
  /** Off the loopback, passwords may come without TLS. */
  readonly plainPasswords: boolean;
  isBanned(host: string): boolean;
  /** Whether failed logins may end in a ban of the address; not of this machine's own, nor of one that many come from. */
  mayBan(host: string): boolean;
}

/**
 * The gate of all doors. The attempts of one address run one after the other, each until its answer is out, so that it
 * gains nothing by trying several at once; what is failed counts for all doors together.
 */
export class AccountGate implements Gate {
  readonly logins: RememberedLogins;
  private readonly failed: FailedLogins;
  private readonly hashing = new Turnstile(HASHING, MOST_WAITING);
  private readonly queues = new Map<string, Turnstile>();
  /** Ends the waits of failed logins for their answers. */
  private readonly waits = new Set<() => void>();
  private stopping = false;

  constructor(private readonly o: AccountGateOptions) {
    this.failed = new FailedLogins(o.clock);
    this.logins = new KeptLogins(o);
  }

  anonymous(peer: PeerAddress): Visitor {
    return stranger(peer, this.o.anonymous);
  }

  async hasAccounts(): Promise<boolean> {
    await this.o.registry.refresh();
    return !this.o.registry.empty;
  }

  refusesPlain({ encrypted, loopback }: PeerAddress): string | null {
    if (encrypted || loopback || this.o.plainPasswords) return null;
    return "a password is taken over TLS alone here, because others could read it on the way";
  }

  async login(credentials: Credentials, peer: PeerAddress, door: string): Promise<Login> {
    const plain = this.refusesPlain(peer);
    if (plain !== null) return refused("plain-password", plain);
    const queue = this.queues.get(peer.key) ?? new Turnstile(1, MOST_WAITING_OF_ONE);
    this.queues.set(peer.key, queue);
    const login = await queue.pass(() => this.attempt(credentials, peer, door));
    if (queue.idle) this.queues.delete(peer.key);
    return login ?? tooMany();
  }

  /** The server stops: no password is checked any more, and who waits for an answer gets it now. */
  stop(): void {
    this.stopping = true;
    for (const end of this.waits) end();
  }

  private async attempt({ user, password }: Credentials, peer: PeerAddress, door: string): Promise<Login> {
    const { registry, log } = this.o;
    if (this.stopping) return refused("bad-login", "the server is stopping; log in again later");
    await registry.refresh();
    if (this.o.isBanned(peer.host)) return refused("banned", "this address is banned here");
    const account = registry.find(user);
    const right = await this.hashing.pass(() => this.verify(password, account));
    if (right === null) return tooMany();
    // The account may have been changed or removed while the password was compared.
    const now = account === null ? null : registry.get(account.id);
    if (right && now !== null && now.hash === account?.hash) {
      this.failed.forgive(peer.key, now.key);
      log.info("login", { door, account: now.name, peer: peer.host });
      return { ok: true, visitor: new AccountVisitor(now, peer, this.o) };
    }
    return await this.fail(account, peer, door);
  }

  private async verify(password: string, account: Account | null): Promise<boolean> {
    try {
      return await verifyPassword(password, account?.hash ?? null);
    } catch (error) {
      this.o.log.error("password-unreadable", { account: account?.name, error: String(error) });
      return false;
    }
  }

  private async fail(account: Account | null, peer: PeerAddress, door: string): Promise<Login> {
    const { log } = this.o;
    const failures = this.failed.add(peer.key, account?.key ?? null);
    // What is no account's name may be a password in the wrong field.
    log.warn("login-failed", { door, account: account?.name, peer: peer.host, failures });
    if (failures >= MOST_FAILURES && this.o.mayBan(peer.host)) {
      await this.ban(peer);
      return refused("banned", "too many logins failed; this address is banned for an hour");
    }
    await this.delay(FailedLogins.delayMs(failures));
    return refused("bad-login", "the name or the password is wrong");
  }

  private delay(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.waits.delete(end);
        resolve();
      };
      const cancel = this.o.clock.after(ms, end);
      this.waits.add(end);
    });
  }

  private async ban(peer: PeerAddress): Promise<void> {
    const now = this.o.clock.now();
    this.failed.forget(peer.key);
    const reason = `${MOST_FAILURES} failed logins`;
    this.o.log.warn("banned", { network: peer.key, reason, seconds: BAN_MS / 1000 });
    await this.o.registry.ban({ network: peer.key, since: now, until: now + BAN_MS, reason });
  }
}

function refused(code: LoginRefusalCode, message: string): Login {
  return { ok: false, code, message };
}

function tooMany(): Login {
  return refused("bad-login", "too many people log in at this moment; try again in a moment");
}
