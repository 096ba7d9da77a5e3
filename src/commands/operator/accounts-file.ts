import { statSync } from "node:fs";
import { AccountsFile } from "../../accounts/accounts-file.ts";
import { databaseError } from "../../accounts/database.ts";
import { quote } from "../../bytes/text.ts";
import { askDaemon, NoDaemon, Refused } from "../../control/client.ts";
import { CommandError, Exit } from "../../exit.ts";
import { stateFolder } from "../../state.ts";

/** A person waits so long for another command to be done, in milliseconds. */
const BUSY_MS = 5_000;

/**
 * Opens the accounts and bans of a state folder for as long as `work` takes; null stands for none, which is only given
 * when they shall not be made. Rejects with a CommandError for what is wrong with the file, and (64) for a folder that is
 * not there although it is looked into and not the usual one.
 * @param o.early the folder will be made later
 */
export async function withAccounts<T>(
  folder: string,
  o: { readonly create: boolean; readonly early?: boolean },
  work: (file: AccountsFile | null) => T | Promise<T>,
): Promise<T> {
  if (!o.create && o.early !== true) checkNamed(folder);
  try {
    using file = AccountsFile.open(folder, { ...o, busyMs: BUSY_MS });
    return await work(file);
  } catch (error) {
    throw databaseError(error, folder);
  }
}

/** A name that was mistyped is no folder in which nothing happened yet. */
function checkNamed(folder: string): void {
  if (folder === stateFolder(null, process.env)) return;
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  const what = stats === undefined ? "there is no state folder" : "no folder, and so no state folder, is";
  throw new CommandError(Exit.usage, `${what} ${quote(folder, folder.length)}; give the --state-dir of your daemon`);
}

/** Lets a daemon that runs take over at once what was changed; without its answer it sees so itself within a second. */
export async function tellDaemon(folder: string): Promise<void> {
  try {
    await askDaemon(folder, "refresh");
  } catch (error) {
    if (!(error instanceof NoDaemon || error instanceof Refused)) throw error;
  }
}
