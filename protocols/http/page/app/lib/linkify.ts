/** A piece of a text: words, or an address that can be followed. */
export interface Piece {
  readonly text: string;
  /** Absolute, http, https or ftp; null for words. */
  readonly href: string | null;
}

/** Up to white space, quotes and brackets; CJK punctuation ends an address too, since nobody writes a space before it. */
const ADDRESS = /\b(?:https?|ftp):\/\/[^\s<>"'`{}|\\^\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]+/giu;
const TRAILING = /[.,;:!?)\]*_~]+$/u;

/** Finds the addresses in a text. Put together, the pieces are the text. */
export function linkify(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = withoutTail(found[0]);
    if (!isAddress(address)) continue;
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), href: null });
    pieces.push({ text: address, href: address });
    end = found.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/** Without the punctuation of the sentence around it; a closing bracket stays if the address opened it. */
function withoutTail(address: string): string {
  const [tail = ""] = TRAILING.exec(address) ?? [];
  const bare = address.slice(0, address.length - tail.length);
  const isOpen = bare.split("(").length > bare.split(")").length;
  return isOpen && tail.startsWith(")") ? `${bare})` : bare;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== "";
}
