import { Format, type Options, type Params } from "cli-progress";
import { formatPercent, formatRate, formatSize, formatSpan } from "../../bytes/amounts.ts";
import { cutEnd, cutMiddle } from "../../bytes/width.ts";
import type { Rate } from "./rate.ts";

/** What a bar shows; its owner changes it. */
export interface Shown {
  /** Safe for a terminal. */
  name: string;
  size: number | null;
  bytes: number;
  readonly rate: Rate;
}

const LEAST_NAME = 12;

/** `big.iso  ███████░░░░░░░   48.2 %  577 MB of 1.2 GB  100 MB/s  0:06`, as wide as the terminal at most. */
export function barLine(options: Options, { progress, maxWidth }: Params, { name, size, bytes, rate }: Shown): string {
  const now = rate.now;
  const left = size === null || now <= 0 ? "-:--" : formatSpan((size - bytes) / now);
  const facts =
    size === null
      ? [formatSize(bytes).padStart(9), formatRate(now).padStart(10)]
      : [
          Format.BarFormat(progress, options),
          formatPercent(bytes, size).padStart(7),
          formatSize(size).padStart(8),
          formatRate(now).padStart(10),
          left.padStart(7),
        ];
  // A terminal shows ^C behind the lowest bar; it must not wrap there, or the bars would be drawn a row too low.
  const room = maxWidth - 3;
  const behind = facts.join(" ");
  const line = `${fit(name, Math.max(LEAST_NAME, room - Bun.stringWidth(behind) - 2))}  ${behind}`;
  return cutEnd(line, room);
}

/** A text as wide as this: cut in its middle, so that the extension is seen, or filled with blanks. */
function fit(text: string, width: number): string {
  const cut = cutMiddle(text, width);
  return cut + " ".repeat(width - Bun.stringWidth(cut));
}
