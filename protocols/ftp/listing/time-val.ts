const FORM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,20}))?$/;
const EARLIEST = Date.parse("0000-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59Z");

/**
 * A time in milliseconds since 1970 as RFC 3659, section 2.3, writes it: `20260102030405`, UTC. Without the fraction that
 * is allowed there, because many clients do not expect it. Years that have not four digits become the nearest that has.
 */
export function formatTimeVal(ms: number): string {
  const within = Math.min(LATEST, Math.max(EARLIEST, Number.isNaN(ms) ? 0 : ms));
  const iso = new Date(within).toISOString();
  return (
    iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10) + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19)
  );
}

/**
 * The time of `20260102030405` or `20260102030405.678` in milliseconds since 1970; null when that is none. A second 60 is
 * allowed (a leap second) and is the next minute's first.
 */
export function parseTimeVal(text: string): number | null {
  const [, ...fields] = FORM.exec(text) ?? [];
  const [year = -1, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.slice(0, 6).map(Number);
  if (year < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month has not would have become one of another month.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const fraction = Number((fields[6] ?? "").padEnd(3, "0").slice(0, 3));
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}
