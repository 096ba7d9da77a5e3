import { accountKey } from "../../src/accounts/account.ts";
import type { AccountChange, NewAccount } from "../../src/accounts/account-table.ts";
import { AccountsFile } from "../../src/accounts/accounts-file.ts";
import type { PeerAddress } from "../../src/accounts/gate.ts";

export const PASSWORD = "correct horse";
/** Cheaper than what is made for people: most tests are not about the work. */
const HASH = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 64, timeCost: 1 });

/** What the commands do, in another process than the daemon's: each change opens the file anew. */
export class OtherProcess {
  constructor(private readonly folder: string) {}

  add(name: string, o: Partial<NewAccount> = {}): void {
    const account = { name, hash: HASH, permissions: new Set([]), home: "/", created: 0, ...o };
    this.with((file) => file.accounts.add(account));
  }

  change(name: string, change: AccountChange): void {
    this.with((file) => file.accounts.change(name, change));
  }

  remove(name: string): void {
    this.with((file) => file.accounts.remove(accountKey(name)));
  }

  ban(network: string, until: number | null = null): void {
    this.with((file) => file.bans.add({ network, since: 0, until, reason: "" }));
  }

  with<T>(work: (file: AccountsFile) => T): T {
    using file = AccountsFile.open(this.folder, { create: true, busyMs: 1_000 });
    if (file === null) throw new Error("there is no file");
    return work(file);
  }
}

export function peer(host = "10.0.0.5", o: Partial<PeerAddress> = {}): PeerAddress {
  return { host, key: host, loopback: false, encrypted: true, ...o };
}
