import prettyBytes from "pretty-bytes";

/** A number of bytes for people, in the units that the server uses: `512 B`, `1.5 MB`. */
export function formatSize(bytes: number, language: string): string {
  return prettyBytes(bytes, { locale: language });
}

/** How far something is, in whole percent: 100 only when it is done. */
export function percentOf(done: number, whole: number): number {
  if (whole === 0) return done === 0 ? 0 : 100;
  return done >= whole ? 100 : Math.floor((done / whole) * 100);
}
