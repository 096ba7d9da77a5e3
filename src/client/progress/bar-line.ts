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

/**
 * `big.iso  ███████░░░░░░░   48.2 %  577 MB of 1.2 GB  100 MB/s  0:06`, as wide as the terminal at most. In a narrow one how
 * far it is matters most, and the bar least.
 */
export function barLine(options: Options, { progress, maxWidth }: Params, shown: Shown): string {
  const { name, size, bytes, rate } = shown;
  // A terminal shows ^C behind the lowest bar; it must not wrap there, or the bars would be drawn a row too low.
  const room = maxWidth - 3;
  const speed = formatRate(rate.now).padStart(10);
  const facts =
    size === null
      ? [[formatSize(bytes).padStart(9), speed], [formatSize(bytes)]]
      : sizedFacts(Format.BarFormat(progress, options), size, bytes, speed, timeLeft(size - bytes, rate.now));
  const texts = facts.map((each) => each.join(" "));
  const behind = texts.find((text) => LEAST_NAME + 2 + Bun.stringWidth(text) <= room) ?? texts.at(-1) ?? "";
  const line = `${fit(name, Math.max(0, room - Bun.stringWidth(behind) - 2))}  ${behind}`;
  return cutEnd(line, room);
}

/** From all there is to tell to the least. */
function sizedFacts(bar: string, size: number, bytes: number, speed: string, left: string): readonly string[][] {
  const percent = formatPercent(bytes, size);
  const wide = percent.padStart(7);
  return [[bar, wide, formatSize(size).padStart(8), speed, left], [wide, speed, left], [percent]];
}

function timeLeft(bytes: number, rate: number): string {
  return (rate <= 0 ? "-:--" : formatSpan(bytes / rate)).padStart(7);
}

/** A text as wide as this: cut in its middle, so that the extension is seen, or filled with blanks. */
function fit(text: string, width: number): string {
  const cut = cutMiddle(text, width);
  return cut + " ".repeat(width - Bun.stringWidth(cut));
}
