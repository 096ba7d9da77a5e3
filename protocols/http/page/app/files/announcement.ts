import { quote } from "../../../../../src/bytes/text.ts";

/** What the server told a room of files that were added. */
export interface Announcement {
  /** By name; null: several people. */
  readonly who: string | null;
  /** Who has no name is told by how they came: `FTP`. */
  readonly door: string | null;
  /** As it stands there: `2 MB`. */
  readonly size: string;
  readonly count: number;
  /** Of one file: its name as it can be shown. */
  readonly name: string;
  /** Where one file lies in the share; null for several, and where that is not told. */
  readonly path: string | null;
}

/** A quote within the name stands there as `\"`. */
const ONE = /^(.+?) uploaded "(.*?)(?<!\\)" \(([^()]+)\)(?:; get it: (.+))?$/;
const MANY = /^(.+?) uploaded (\d+) files \(([^()]+)\); \/files lists them$/;
const BY_DOOR = /^somebody by (.+)$/;
const FILES = "/files/";

/** Reads the line that is told of uploads, which is the same for every client; null: it tells of something else. */
export function readAnnouncement(line: string): Announcement | null {
  const one = ONE.exec(line);
  if (one !== null) {
    const [, who = "", quoted = "", size = "", ways = ""] = one;
    const path = pathAmong(ways, quoted);
    const name = path === null ? quoted.replaceAll('\\"', '"') : path.slice(1);
    return { ...whoOf(who), size, count: 1, name, path };
  }
  const many = MANY.exec(line);
  if (many === null) return null;
  const [, who = "", count = "", size = ""] = many;
  return { ...whoOf(who), size, count: Number(count), name: "", path: null };
}

function whoOf(who: string): Pick<Announcement, "who" | "door"> {
  const [, door = null] = BY_DOOR.exec(who) ?? [];
  return { who: who === "several people" ? null : who, door };
}

/** The path in the web's address among the ways to get a file: behind a prefix, which only the name tells from it. */
function pathAmong(ways: string, quoted: string): string | null {
  const address = ways.split("  or  ").find((way) => /^https?:/.test(way)) ?? "";
  for (let at = address.indexOf(FILES); at >= 0; at = address.indexOf(FILES, at + 1)) {
    const path = decoded(address.slice(at + FILES.length - 1));
    if (path !== null && isQuoted(path.slice(1), quoted)) return path;
  }
  return null;
}

function isQuoted(name: string, quoted: string): boolean {
  const whole = quote(name, Number.POSITIVE_INFINITY).slice(1, -1);
  return whole === quoted || (quoted.endsWith("…") && whole.startsWith(quoted.slice(0, -1)));
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
