import type { Access } from "../../src/files/access.ts";
import type { Entry } from "../../src/files/entry.ts";
import { VaultError } from "../../src/files/error.ts";
import { type Folder, fileInWords, folderInWords, MOST_SHOWN, shownBefore } from "../../src/files/in-words.ts";
import { findTyped } from "../../src/files/typed-path.ts";
import type { Typist } from "./typist.ts";

/** Entries of a folder that are counted beyond those shown; of a larger one it is only told that there are more. */
const MOST_COUNTED = 1_000;

/** Lists a folder, or tells of a file, and how to fetch it. */
export async function files(typist: Typist, args: string): Promise<void> {
  const access = typist.enterFiles();
  if (access === null) return typist.tell("no files are shared here");
  try {
    const { path, page, entry } = await findTyped(args, (typed) => access.stat(typed));
    const { reach } = typist;
    typist.tell(
      entry.type === "file"
        ? fileInWords(path, entry, typist.now(), reach)
        : folderInWords(await look(access, path, page), typist.now(), reach),
    );
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    typist.tell(error.message);
  } finally {
    access.leave();
  }
}

/** The entries of a page, and how many there are as far as that is counted. */
async function look(access: Access, path: string, page: number): Promise<Folder> {
  const before = shownBefore(page);
  const entries: Entry[] = [];
  let count = 0;
  for await (const batch of access.entries(path)) {
    const begin = Math.max(0, before - count);
    entries.push(...batch.slice(begin, begin + MOST_SHOWN - entries.length));
    count += batch.length;
    if (count >= before + MOST_COUNTED) return { path, entries, page, count, more: true };
  }
  return { path, entries, page, count, more: false };
}
