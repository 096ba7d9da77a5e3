import type { Entry, EntryPage } from "../../src/files/entry.ts";
import type { FileAnswers, FileEntry } from "./messages.ts";

/** The most bytes of entries in an answer, which has 256 KiB at most with what stands around them. */
const MOST_BYTES = 255 * 1024;

/** A file or folder as peers are told of it. */
export function told({ name, type, size, mtime }: Entry): FileEntry {
  return { name, type, size, mtime };
}

/** As many entries of a page as one answer has room for, at least one, and where the list goes on. */
export function toldPage({ entries: found, next }: EntryPage): Pick<FileAnswers["list"], "entries" | "next"> {
  const entries: FileEntry[] = [];
  let bytes = 0;
  for (const entry of found.map(told)) {
    // With the comma between two.
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    const last = entries.at(-1);
    if (bytes > MOST_BYTES && last !== undefined) return { entries, next: last.name };
    entries.push(entry);
  }
  return { entries, next };
}
