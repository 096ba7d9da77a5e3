import { whatIsWrong } from "../files/name.ts";
import { decodePercent, type Source } from "./source.ts";

/** What a page without a name of its own is called, as every browser and wget do. */
const INDEX = "index.html";

/**
 * The file name that a URL asks for: the last part of its path, percent-decoded. It comes from the URL as the user gave
 * it and never from what a server says (a redirect, Content-Disposition), so no server chooses where it writes.
 * Null when that part leads elsewhere or cannot be a name.
 */
export function fileName({ url }: Source): string | null {
  const encoded = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const name = decodePercent(url.protocol === "ftp:" ? encoded.replace(/;type=[aid]$/i, "") : encoded) || INDEX;
  return whatIsWrong(name) === null ? name : null;
}

/**
 * Names that differ from each other: when two URLs end alike, the later ones get a number, `index-2.html`. Pages of
 * different hosts are all called index.html.
 */
export function distinct(names: readonly (string | null)[]): (string | null)[] {
  const taken = new Set<string>();
  return names.map((name) => {
    if (name === null) return null;
    const dot = name.lastIndexOf(".") > 0 ? name.lastIndexOf(".") : name.length;
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name.slice(0, dot)}-${n}${name.slice(dot)}`;
    taken.add(free);
    return free;
  });
}
