import { type Database, SQLiteError } from "bun:sqlite";
import { type Account, accountKey } from "./account.ts";
import { formatPermissions, isPermission, type Permission } from "./permission.ts";

/** What is said of an account when it is made; the rest is the table's to give. */
export type NewAccount = Pick<Account, "name" | "hash" | "permissions" | "home" | "created">;

/** What can be changed of an account; what is absent stays. */
export type AccountChange = Partial<Pick<Account, "hash" | "permissions" | "home">>;

interface Row {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly hash: string;
  readonly permissions: string;
  readonly home: string;
  readonly created: number;
}

/** The accounts as they are in the file. Every change is one transaction. */
export class AccountTable {
  constructor(private readonly database: Database) {}

  /** By name. */
  all(): Account[] {
    return this.database.query<Row, []>("SELECT * FROM accounts ORDER BY key").all().map(fromRow);
  }

  find(name: string): Account | null {
    const row = this.database.query<Row, [string]>("SELECT * FROM accounts WHERE key = ?").get(accountKey(name));
    return row === null ? null : fromRow(row);
  }

  /** False: there is one with that name. */
  add({ name, hash, permissions, home, created }: NewAccount): boolean {
    try {
      this.database.run(
        "INSERT INTO accounts (key, name, hash, permissions, home, created) VALUES (?, ?, ?, ?, ?, ?)",
        [accountKey(name), name, hash, formatPermissions(permissions), home, created],
      );
      return true;
    } catch (error) {
      if (error instanceof SQLiteError && error.code === "SQLITE_CONSTRAINT_UNIQUE") return false;
      throw error;
    }
  }

  /** False: there is none with that name. */
  change(name: string, { hash, permissions, home }: AccountChange): boolean {
    const { changes } = this.database.run(
      `UPDATE accounts SET hash = coalesce(?, hash), permissions = coalesce(?, permissions), home = coalesce(?, home)
       WHERE key = ?`,
      [hash ?? null, permissions === undefined ? null : formatPermissions(permissions), home ?? null, accountKey(name)],
    );
    return changes > 0;
  }

  /** False: there was none with that name. */
  remove(name: string): boolean {
    return this.database.run("DELETE FROM accounts WHERE key = ?", [accountKey(name)]).changes > 0;
  }
}

function fromRow({ permissions, ...row }: Row): Account {
  return { ...row, permissions: new Set<Permission>(permissions.split(",").filter(isPermission)) };
}
