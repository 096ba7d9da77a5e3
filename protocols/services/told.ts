import type { Entry } from "../../src/files/entry.ts";
import type { FileEntry } from "./messages.ts";

/** A file or folder as peers are told of it. */
export function told({ name, type, size, mtime }: Entry): FileEntry {
  return { name, type, size, mtime };
}
