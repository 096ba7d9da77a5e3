import { AccountGate } from "./accounts/account-gate.ts";
import type { Ban } from "./accounts/ban.ts";
import { Registry } from "./accounts/registry.ts";
import { endBarredReaders } from "./barred-readers.ts";
import { endVoidLogins } from "./ended-logins.ts";
import { isWithin } from "./files/descriptor-path.ts";
import type { Transfers } from "./files/transfers.ts";
import type { Log } from "./log.ts";
import { isLoopback } from "./net/address.ts";
import type { Runtime } from "./net/runtime.ts";
import { anonymousRights, deniedToAll, plainPasswords, type RightSettings } from "./rights.ts";

export interface AccessControlOptions {
  readonly config: RightSettings;
  readonly runtime: Runtime;
  readonly transfers: Transfers;
  readonly log: Log;
  /** The state folder. */
  readonly folder: string;
}

/** Who may come in, and as whom, at all doors: the accounts and bans of the state folder, and what ends when they change. */
export class AccessControl {
  readonly registry: Registry;
  readonly gate: AccountGate;

  /** Opens nothing yet. */
  constructor(private readonly o: AccessControlOptions) {
    this.registry = this.makeRegistry();
    this.gate = this.makeGate();
  }

  private makeRegistry(): Registry {
    const { runtime, folder, log } = this.o;
    const { clock } = runtime;
    const onFault = (error: unknown) => log.error("accounts-unreadable", { folder, error: String(error) });
    // Not at once: a session may be in the middle of what asked for an account.
    const onAccounts = () => void clock.after(0, () => this.accountsChanged());
    const onBans = (bans: readonly Ban[]) => runtime.block(bans);
    return new Registry({ folder, clock, onBans, onAccounts, onFault });
  }

  private makeGate(): AccountGate {
    const { registry } = this;
    const { config, runtime, log } = this.o;
    const { clock, blocklist, proxies } = runtime;
    const isBanned = (host: string) => blocklist.refuses(host);
    const mayBan = (host: string) => host !== "" && !isLoopback(host) && !proxies.trusts(host);
    const anonymous = anonymousRights(config);
    const rights = { anonymous, denied: deniedToAll(config), plainPasswords: plainPasswords(config) };
    return new AccountGate({ registry, clock, log, ...rights, isBanned, mayBan });
  }

  private accountsChanged(): void {
    const { config, runtime, transfers } = this.o;
    endVoidLogins(runtime);
    const everybody = anonymousRights(config).has("read");
    endBarredReaders(runtime, transfers, (name, path) => {
      const account = this.registry.find(name);
      if (account === null || !(everybody || account.permissions.has("read"))) return false;
      return isWithin(account.home, path);
    });
  }
}
