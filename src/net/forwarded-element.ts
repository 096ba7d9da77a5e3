/**
 * The elements of a header's list, the last one first; commas within quotes do not separate them, and empty ones are
 * left out. From the right, because what stands there was added by who is trusted: whatever junk or open quote a client
 * has put to the left of it makes no difference to how it is read.
 */
export function* fromTheRight(list: string): Generator<string> {
  let end = list.length;
  let quoted = false;
  for (let at = list.length - 1; at >= -1; at--) {
    if (list[at] === '"' && !isEscaped(list, at)) quoted = !quoted;
    if (at >= 0 && (list[at] !== "," || quoted)) continue;
    const element = list.slice(at + 1, end).trim();
    if (element !== "") yield element;
    end = at;
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}

/** `token=value` with a value in quotes or without, and what separates it from the next one. */
const PAIR = /\s*([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,=]+))\s*(?:;|$)/y;

/** One element of `Forwarded`: its parameters by their name in lower case (RFC 7239, section 4); null when it is none. */
export function readElement(text: string): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const [, name = "", quoted, token = ""] = PAIR.exec(text) ?? [];
    const key = name.toLowerCase();
    // Each occurs once; the position is 0 again after what is no pair.
    if (key === "" || found.has(key)) return null;
    found.set(key, quoted === undefined ? token : quoted.replace(/\\(.)/g, "$1"));
  }
  return found;
}
