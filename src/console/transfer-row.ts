import { formatPercent, formatRate, formatSize, formatSpan } from "../bytes/amounts.ts";
import { escapeText } from "../bytes/text.ts";
import { cutEnd, cutMiddle } from "../bytes/width.ts";
import type { Transfer } from "../files/transfers.ts";

const LEAST_NAME = 10;
const MOST_BAR = 30;

/**
 * `get /big.iso (ann by ftp)  ███████░░░░░  48.2 %  1.2 GB  100 MB/s  0:06`, as wide as a terminal of so many columns at
 * most. The last column stays free, because a terminal that has it filled may wrap.
 */
export function transferRow(transfer: Transfer, columns: number, paint: (bar: string) => string): string {
  const { spec, bytes, rate, eta } = transfer;
  const { direction, path, account, host, door, offset, length } = spec;
  const room = columns - 1;
  const moved = offset + bytes;
  const whole = length === null ? null : offset + length;
  const facts = [
    whole === null ? "" : formatPercent(moved, whole).padStart(7),
    formatSize(whole ?? moved).padStart(8),
    formatRate(rate).padStart(10),
    eta === null ? "  -:--" : formatSpan(eta).padStart(6),
  ].join(" ");
  const bar = whole === null ? 0 : Math.min(MOST_BAR, Math.floor((room - facts.length) / 3));
  const width = room - Bun.stringWidth(facts) - bar - 2;
  const what = `${direction} ${escapeText(path)}`;
  if (width < LEAST_NAME) {
    // How far it is matters more than the rest.
    const far = whole === null ? formatSize(moved) : formatPercent(moved, whole);
    return cutEnd(`${fit([what], Math.max(0, room - far.length - 1))} ${far}`, room);
  }
  const who = escapeText(account ?? host);
  const name = fit([`${what} (${who} by ${door})`, `${what} (${who})`, what], width);
  return `${name} ${paint(bar > 0 ? drawBar(moved, whole ?? 0, bar) : "")} ${facts}`;
}

function drawBar(part: number, whole: number, width: number): string {
  const full = whole === 0 ? width : Math.floor((Math.min(part, whole) / whole) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** The first text that fits, filled with blanks; else the last, cut in its middle, so that its end is seen. */
function fit(texts: readonly string[], width: number): string {
  const cut = cutMiddle(texts.find((each) => Bun.stringWidth(each) <= width) ?? texts.at(-1) ?? "", width);
  return cut + " ".repeat(width - Bun.stringWidth(cut));
}
