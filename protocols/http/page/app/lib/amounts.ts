const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A number of bytes for people: `512 B`, `1.5 MiB`. */
export function formatSize(bytes: number, language: string): string {
  let unit = 0;
  let amount = bytes;
  for (; amount >= 1000 && unit < UNITS.length - 1; unit++) amount /= 1024;
  const digits = unit === 0 || amount >= 100 ? 0 : 1;
  return `${amount.toLocaleString(language, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

/** How far something is, in whole percent: 100 only when it is done. */
export function percentOf(done: number, whole: number): number {
  if (whole === 0) return done === 0 ? 0 : 100;
  return done >= whole ? 100 : Math.floor((done / whole) * 100);
}
