import { appendFile, lstat, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { codeOf } from "../../thrown.ts";
import type { Address } from "./address.ts";
import { localName } from "./name.ts";
import type { Write } from "./pour.ts";
import { LocalTrouble, locally } from "./trouble.ts";
import type { UnfinishedFolder } from "./unfinished.ts";

/** Where on this machine something goes that is called so on the server. */
export type Place = (name: string) => string;

/**
 * What `-o` means: a folder, if it is one or ends with a slash (it is made then), else the name of the one thing that is
 * fetched. Without it, this folder.
 * @param renamed the one thing, if it is a folder: what an earlier run left of it is no folder to put things into
 * @throws CommandError (usage) when several things would get one name
 */
export async function placeFor(
  output: string | undefined,
  isOne: boolean,
  renamed: UnfinishedFolder | null = null,
): Promise<Place> {
  if (output === undefined) return (name) => localName(name);
  if (output.endsWith("/")) await locally(output, () => mkdir(output, { recursive: true }));
  const goesOn = renamed !== null && (await renamed.isBegun());
  if (output.endsWith("/") || (!goesOn && (await isFolder(output)))) return (name) => join(output, localName(name));
  if (isOne) return () => output;
  throw new CommandError(Exit.usage, `${quote(output)} is no folder; write ${quote(`${output}/`)} to have it made`);
}

/** Writes to a device or a named pipe, which is not replaced by a file; null where there is none. */
export async function deviceAt(output: string | undefined): Promise<Write | null> {
  if (output === undefined) return null;
  const stats = await stat(output).catch(() => null);
  if (!stats?.isCharacterDevice() && !stats?.isFIFO()) return null;
  return (bytes) => locally(output, () => appendFile(output, bytes));
}

/** What a fetched folder is called: the root of a server has its host's name. */
export function folderName({ target }: Address, name: string): string {
  return name === "" ? target.host : name;
}

/**
 * Makes a folder that a server named. One that is there will do, but no link to one: the server would choose then what is
 * written into the folder that it leads to.
 */
export async function makeFolder(path: string): Promise<void> {
  await locally(path, async () => {
    try {
      await mkdir(path);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      const stats = await lstat(path);
      if (stats.isSymbolicLink()) throw new LocalTrouble(`${quote(path, 200)} is a symbolic link; it is not followed`);
      if (!stats.isDirectory()) throw new LocalTrouble(`${quote(path, 200)} is there already and is no folder`);
    }
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
