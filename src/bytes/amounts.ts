import prettyBytes from "pretty-bytes";

/** `1.2 GB`; powers of 1000, as disks and networks are sold. */
export function formatSize(bytes: number): string {
  return prettyBytes(bytes);
}

/** `12 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${prettyBytes(Math.round(bytesPerSecond))}/s`;
}

/** A span of time in seconds as a clock shows it: `0:07`, `12:30`, `1:02:03`, and days beyond two of them. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 48 * 3600) return `${Math.round(whole / 86_400)} days`;
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** How long something still lasts, roughly, in the unit of which there are two at least: `45 s`, `90 min`, `2 h`, `3 d`. */
export function formatLeft(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  const [length, unit] = AGES.find(([length]) => whole >= 2 * length) ?? [1, "s"];
  return `${Math.round(whole / length)} ${unit}`;
}

/** How long something took: `0.4 s`, from a minute on as a clock shows it. */
export function formatTook(seconds: number): string {
  return seconds < 59.95 ? `${Math.max(0, seconds).toFixed(1)} s` : formatSpan(seconds);
}

/** `71.4 %`, rounded down, so that 100 % is all of it. */
export function formatPercent(part: number, whole: number): string {
  const tenths = whole === 0 ? 1000 : Math.floor((part / whole) * 1000);
  return `${(tenths / 10).toFixed(1)} %`;
}

const AGES: readonly (readonly [seconds: number, unit: string])[] = [
  [365 * 86_400, "y"],
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
];

/** How long ago something was, roughly: `3 d`, `5 min`, and `now` for less than a minute or a time to come. */
export function formatAge(seconds: number): string {
  for (const [length, unit] of AGES) if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  return "now";
}
