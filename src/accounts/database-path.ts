import { join } from "node:path";

/** Where a state folder keeps its accounts and bans. */
export function databasePath(folder: string): string {
  return join(folder, "accounts.db");
}
