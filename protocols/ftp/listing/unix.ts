import type { Entry } from "../../../src/files/entry.ts";
import { listedName } from "./name.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Half of the mean Gregorian year, as `ls` has it. */
const HALF_A_YEAR_MS = (31_556_952 / 2) * 1000;
/** The clock of a file server may be a little ahead. */
const AHEAD_MS = 60_000;

/**
 * An entry as `ls -l` shows it, without a line end; what every FTP client parses (the reply of RFC 959's LIST is in no
 * format): `-rw-r--r--    1 ftp      ftp          1234 Nov 26 06:37 name`. Times are UTC; those of more than half a year
 * ago and of the future have the year instead of the hour. `now` is in milliseconds since 1970.
 */
export function unixLine(entry: Entry, now: number): string {
  const { type, mode, size, mtime } = entry;
  const links = type === "dir" ? 2 : 1;
  return `${kind(type)}${permissions(mode)} ${String(links).padStart(4)} ftp      ftp      ${String(size).padStart(12)} ${date(mtime, now)} ${listedName(entry.name)}`;
}

function kind(type: Entry["type"]): string {
  return type === "dir" ? "d" : "-";
}

/** `rwx` as the three bits of 0 to 7 have it. */
const BITS = ["---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"];

function permissions(mode: number): string {
  return `${BITS[(mode >> 6) & 7]}${BITS[(mode >> 3) & 7]}${BITS[mode & 7]}`;
}

/** Always 12 columns. */
function date(mtime: number, now: number): string {
  const at = new Date(mtime);
  const day = `${MONTHS[at.getUTCMonth()] ?? "Jan"} ${String(at.getUTCDate() || 1).padStart(2)}`;
  const recent = now - HALF_A_YEAR_MS < mtime && mtime <= now + AHEAD_MS;
  if (recent) return `${day} ${twoDigits(at.getUTCHours())}:${twoDigits(at.getUTCMinutes())}`;
  const year = Math.min(9999, Math.max(0, at.getUTCFullYear() || 0));
  return `${day}  ${String(year).padStart(4, "0")}`;
}

function twoDigits(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
