import { AccountsFile } from "../accounts/accounts-file.ts";
import { databaseError } from "../accounts/database.ts";
import { askDaemon, NoDaemon, Refused } from "../control/client.ts";

/** A person waits so long for another command to be done, in milliseconds. */
const BUSY_MS = 5_000;

/**
 * Opens the accounts and bans of a state folder for as long as `work` takes; null stands for none, which is only given
 * when they shall not be made. Rejects with a CommandError for what is wrong with the file.
 */
export async function withAccounts<T>(
  folder: string,
  o: { readonly create: boolean },
  work: (file: AccountsFile | null) => T | Promise<T>,
): Promise<T> {
  try {
    using file = AccountsFile.open(folder, { ...o, busyMs: BUSY_MS });
    return await work(file);
  } catch (error) {
    throw databaseError(error, folder);
  }
}

/** Lets a daemon that runs take over at once what was changed; without its answer it sees so itself within a second. */
export async function tellDaemon(folder: string): Promise<void> {
  try {
    await askDaemon(folder, "refresh");
  } catch (error) {
    if (!(error instanceof NoDaemon || error instanceof Refused)) throw error;
  }
}
