import { formatPercent, formatRate, formatSize, formatTook } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import type { Rate } from "./rate.ts";

/**
 * The usual line of a transfer that is whole: `big.iso: 1.2 GB in 12.0 s, 100 MB/s, hash verified`. Of one that was taken
 * up, size, time and rate are of what moved now: `big.iso: 700 MB in 7.0 s, 100 MB/s, resumed at 41.6 % of 1.2 GB`.
 */
export function finishedLine(name: string, bytes: number, rate: Rate, note?: string): string {
  const notes = [`${name}: ${formatSize(rate.moved)} in ${formatTook(rate.seconds)}`, formatRate(rate.overall)];
  if (rate.before > 0) notes.push(`resumed at ${formatPercent(rate.before, bytes)} of ${formatSize(bytes)}`);
  if (note !== undefined) notes.push(note);
  return escapeText(notes.join(", "));
}
