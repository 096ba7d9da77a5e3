import { formatAge, formatSize } from "../bytes/amounts.ts";
import { quote } from "../bytes/text.ts";
import type { Entry } from "./entry.ts";
import { listingWay, type Reach, waysTo } from "./ways.ts";

/** What fits on a screen of 24 rows beside the words around it. */
export const MOST_SHOWN = 15;

/** What is shown of an entry. */
export type Listed = Pick<Entry, "name" | "type" | "size" | "mtime">;

/** A folder, or as much of it as was looked at. */
export interface Folder {
  readonly path: string;
  /** Those that are shown, at most {@link MOST_SHOWN}, in their order. */
  readonly entries: readonly Listed[];
  /** The page that they are, from 1 on. */
  readonly page: number;
  /** How many there are, as far as that was counted. */
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** How many entries stand before a page, from 1 on. */
export function shownBefore(page: number): number {
  return (page - 1) * MOST_SHOWN;
}

/** A file: size, age (`now` is in milliseconds since 1970), name, and how to get it. Peers' text is not escaped. */
export function fileInWords(path: string, file: Listed, now: number, reach: Reach): string {
  return [row(file, now), `get it: ${ways(path, reach)}`].join("\n");
}

/** A screenful of a folder, and how to get one of its files, or all of it when it has none. Peers' text is not escaped. */
export function folderInWords(folder: Folder, now: number, reach: Reach): string {
  const { path, entries, page, count } = folder;
  const where = path === "/" ? "" : ` in ${quote(path)}`;
  if (count === 0) return `there are no files${where} yet`;
  if (entries.length === 0)
    return `there is no page ${page}; the last is ${typedAs(path, Math.ceil(count / MOST_SHOWN))}`;
  const first = entries.find(({ type }) => type === "file");
  const example = first === undefined ? path : `${path === "/" ? "" : path}/${first.name}`;
  return [
    `files${where}${page === 1 ? "" : `, page ${page}`}:`,
    ...entries.map((entry) => row(entry, now)),
    ...rest(folder, reach),
    `${first === undefined ? "get all" : "get one"}: ${ways(example, reach, first === undefined)}`,
  ].join("\n");
}

/** How many are not shown, and how to see them; nothing when all have been. */
function rest({ path, entries, page, count, more }: Folder, reach: Reach): readonly string[] {
  const hidden = count - shownBefore(page) - entries.length;
  if (hidden <= 0) return [];
  const all = listingWay(path, reach);
  const next = typedAs(path, page + 1);
  return [`and ${more ? "more than " : ""}${hidden} more: ${next}${all === null ? "" : `  or  ${all}`}`];
}

/** What is typed to see a page of a folder. */
function typedAs(path: string, page: number): string {
  return `/files ${path === "/" ? "" : `${path.slice(1)} `}${page}`;
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
