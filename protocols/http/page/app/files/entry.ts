import type { FileEntry } from "../../../../services/messages.ts";

export type Entry = FileEntry;

/** What a list can be ordered by. */
export type SortKey = "name" | "size" | "mtime";

export interface Order {
  readonly by: SortKey;
  readonly down: boolean;
}

/** Numbers in names count as numbers: `img2` before `img10`. */
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Folders first, then by the order; what is equal in it by name. */
export function sortEntries(entries: readonly Entry[], { by, down }: Order): readonly Entry[] {
  const sign = down ? -1 : 1;
  return entries.toSorted((a, b) => {
    if (a.type !== b.type) return a.type === "dir" ? -1 : 1;
    const key = by === "name" ? 0 : a[by] - b[by];
    return key !== 0 ? sign * key : (by === "name" ? sign : 1) * names.compare(a.name, b.name);
  });
}

/** Those that have every word of the filter in their names. */
export function filterEntries(entries: readonly Entry[], filter: string): readonly Entry[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return entries.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}
