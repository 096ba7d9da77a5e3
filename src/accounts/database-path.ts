import { statSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../thrown.ts";

/** Where a state folder keeps its accounts, bans and remembered logins. */
export function databasePath(folder: string): string {
  return join(folder, "accounts.db");
}

/**
 * Which file that is; 0: there is none, nor may there ever be one: the home folder of a system's user may be /dev/null.
 * Throws when this user may not look.
 */
export function databaseInode(folder: string): number {
  try {
    return statSync(databasePath(folder)).ino;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return 0;
    throw error;
  }
}
