import type { Database } from "bun:sqlite";
import type { Account } from "./account.ts";
import { LOGIN_MS } from "./gate.ts";

/** Logins that are kept are never more than this: those that were used longest ago make room. */
const MOST = 10_000;

/** A login that was remembered, and the password hash that its account has now. */
interface KeptLogin {
  readonly account: number;
  readonly hash: string;
  /** Milliseconds since 1970 UTC. */
  readonly used: number;
}

/**
 * The logins that browsers remember, by hashes of their secrets, as they are in the file. The file itself drops those of an
 * account that is removed or has another password, whichever process does that.
 */
export class LoginTable {
  constructor(private readonly database: Database) {}

  /** Keeps one, unless its account is gone or has another password meanwhile. */
  add(secret: string, { id, hash }: Pick<Account, "id" | "hash">, now: number): void {
    const { database } = this;
    database
      .transaction(() => {
        database.run("DELETE FROM logins WHERE used < ?", [now - LOGIN_MS]);
        database.run(
          "INSERT OR REPLACE INTO logins (secret, account, used) SELECT ?, id, ? FROM accounts WHERE id = ? AND hash = ?",
          [secret, now, id, hash],
        );
        database.run(
          "DELETE FROM logins WHERE secret IN (SELECT secret FROM logins ORDER BY used DESC LIMIT -1 OFFSET ?)",
          [MOST],
        );
      })
      .immediate();
  }

  find(secret: string): KeptLogin | null {
    return this.database
      .query<KeptLogin, [string]>(
        "SELECT account, hash, used FROM logins JOIN accounts ON accounts.id = logins.account WHERE secret = ?",
      )
      .get(secret);
  }

  use(secret: string, now: number): void {
    this.database.run("UPDATE logins SET used = ? WHERE secret = ?", [now, secret]);
  }

  remove(secret: string): void {
    this.database.run("DELETE FROM logins WHERE secret = ?", [secret]);
  }
}
