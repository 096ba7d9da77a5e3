import { formatRate, formatSize, formatSpan } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import type { Rate } from "./rate.ts";

/** The usual line of a transfer that is whole: `big.iso: 1.2 GB in 0:12, 100 MB/s`. */
export function finishedLine(name: string, bytes: number, rate: Rate): string {
  return escapeText(`${name}: ${formatSize(bytes)} in ${formatSpan(rate.seconds)}, ${formatRate(rate.overall)}`);
}
