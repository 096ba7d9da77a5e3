import { formatAge, formatSize } from "../bytes/amounts.ts";
import { quote } from "../bytes/text.ts";
import type { Entry } from "./entry.ts";
import { type Reach, waysTo } from "./ways.ts";

/** What fits on a screen of 24 rows beside the words around it. */
export const MOST_SHOWN = 15;

/** What is shown of an entry. */
export type Listed = Pick<Entry, "name" | "type" | "size" | "mtime">;

/** A folder, or as much of it as was looked at. */
export interface Folder {
  readonly path: string;
  /** In the order in which they are shown; at most {@link MOST_SHOWN} are. */
  readonly entries: readonly Listed[];
  /** How many there are, as far as that was counted. */
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** `photos/` and `/photos` are the same path, and nothing is the root. */
export function typedPath(text: string): string {
  return `/${text.replace(/^\/+|\/+$/g, "")}`;
}

/** A file: size, age (`now` is in milliseconds since 1970), name, and how to get it. Peers' text is not escaped. */
export function fileInWords(path: string, file: Listed, now: number, reach: Reach): string {
  return [row(file, now), `get it: ${ways(path, reach)}`].join("\n");
}

/** A screenful of a folder, and how to get one of its files, or all of it when it has none. Peers' text is not escaped. */
export function folderInWords({ path, entries, count, more }: Folder, now: number, reach: Reach): string {
  const where = path === "/" ? "" : ` in ${quote(path)}`;
  if (count === 0) return `there are no files${where} yet`;
  const shown = entries.slice(0, MOST_SHOWN);
  const hidden = count - shown.length;
  const first = shown.find(({ type }) => type === "file");
  const example = first === undefined ? path : `${path === "/" ? "" : path}/${first.name}`;
  return [
    `files${where}:`,
    ...shown.map((entry) => row(entry, now)),
    ...(hidden > 0 ? [`and ${more ? "more than " : ""}${hidden} more`] : []),
    `${first === undefined ? "get all" : "get one"}: ${ways(example, reach, first === undefined)}`,
  ].join("\n");
}

function ways(path: string, reach: Reach, folder = false): string {
  return waysTo(path, reach, folder).join("  or  ");
}

/** `  2.1 MB   5 min  cat.jpg`; a folder's name ends with a slash. */
function row({ name, type, size, mtime }: Listed, now: number): string {
  const amount = type === "dir" ? "" : formatSize(size);
  const age = formatAge((now - mtime) / 1000);
  return `${amount.padStart(8)}  ${age.padStart(6)}  ${name}${type === "dir" ? "/" : ""}`;
}
