/** As the XMLHttpRequest Standard wants it of browsers; Safari's engine tells of an upload for every 8 KiB. */
const EVERY_MS = 50;

interface Progress {
  readonly loaded: number;
  readonly total: number;
  /** In milliseconds. */
  readonly timeStamp: number;
}

/** Tells how far something is, but not more often than anybody can see, and always of its end. */
export function seldom(tell: (loaded: number) => void): (progress: Progress) => void {
  let told = Number.NEGATIVE_INFINITY;
  return ({ loaded, total, timeStamp }) => {
    if (loaded < total && timeStamp - told < EVERY_MS) return;
    told = timeStamp;
    tell(loaded);
  };
}
