import { formatRate, formatSize, formatTook } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import type { Rate } from "./rate.ts";

/** The usual line of a transfer that is whole: `big.iso: 1.2 GB in 12.0 s, 100 MB/s, hash verified`. */
export function finishedLine(name: string, bytes: number, rate: Rate, note?: string): string {
  const behind = note === undefined ? "" : `, ${note}`;
  return escapeText(
    `${name}: ${formatSize(bytes)} in ${formatTook(rate.seconds)}, ${formatRate(rate.overall)}${behind}`,
  );
}
