import type { Database } from "bun:sqlite";
import { AccountTable } from "./account-table.ts";
import { BanTable } from "./ban-table.ts";
import { type OpenOptions, openDatabase } from "./database.ts";
import { LoginTable } from "./login-table.ts";

/**
 * The accounts, bans and remembered logins of a state folder, open. Loads SQLite: a daemon without accounts does not
 * import it.
 */
export class AccountsFile implements Disposable {
  readonly accounts: AccountTable;
  readonly bans: BanTable;
  readonly logins: LoginTable;

  private constructor(private readonly database: Database) {
    this.accounts = new AccountTable(database);
    this.bans = new BanTable(database);
    this.logins = new LoginTable(database);
  }

  /** Null: there is none, and none shall be made. Throws what {@link openDatabase} throws. */
  static open(folder: string, o: OpenOptions): AccountsFile | null {
    const database = openDatabase(folder, o);
    return database === null ? null : new AccountsFile(database);
  }

  /** Another number when another connection has changed the file; costs 1 µs. */
  get version(): number {
    return this.database.query<{ data_version: number }, []>("PRAGMA data_version").get()?.data_version ?? -1;
  }

  [Symbol.dispose](): void {
    this.database.close();
  }
}
