import { shellWord } from "../bytes/shell.ts";
import { escapeText } from "../bytes/text.ts";

/** Where somebody can fetch files from. */
export interface Reach {
  readonly host: string;
  /** Ports of the doors; null when one is not open. */
  readonly framed: number | null;
  readonly ftp: number | null;
}

/** What clients try by themselves. */
const FRAMED_PORT = 8400;
const FTP_PORT = 21;

/**
 * How to fetch a path, best first: a command to paste, and an address for any other client. What a terminal would not
 * show as it is stands percent-encoded (RFC 3986, section 2.1), so that what is shown is what is fetched.
 */
export function waysTo(path: string, { host, framed, ftp }: Reach, folder = false): readonly string[] {
  const name = host.includes(":") ? `[${host}]` : host;
  const get = folder ? "tincan get -r" : "tincan get";
  const address = ftp === null ? null : `ftp://${name}${ftp === FTP_PORT ? "" : `:${ftp}`}${encoded(path)}`;
  const ways = [];
  if (framed !== null) {
    const place = `${name}${framed === FRAMED_PORT ? "" : `:${framed}`}`;
    const target = escapeText(path) === path ? `${place}${path}` : `tincan://${place}${encoded(path)}`;
    ways.push(`${get} ${shellWord(target)}`);
  }
  if (address !== null) ways.push(address);
  return ways;
}

function encoded(path: string): string {
  return path.split("/").map(encodePart).join("/");
}

/** `encodeURIComponent` leaves `'` and the like, which shells and people's mail programs stumble over. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
