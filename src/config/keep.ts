import { quote } from "../bytes/text.ts";
import { duration, formatDuration, type Option, OptionError } from "./option.ts";

const DAY_MS = 86_400_000;
const time = duration("", 0);

/** How long something is kept, in milliseconds: a time with its unit (`7d`), `forever` (Infinity) or `off` (0, the default). */
export function keep(help: string): Option<number> {
  return {
    arg: "TIME|forever|off",
    help,
    default: 0,
    parse(text) {
      if (text === "off") return 0;
      if (text === "forever") return Number.POSITIVE_INFINITY;
      // A bare number would be seconds, and is meant as days.
      if (/^[\d.]+ *(?:ms|s|m|min|h|d)$/i.test(text)) {
        const ms = time.parse(text);
        if (ms > 0) return ms;
      }
      throw new OptionError(`${quote(text)} is not a time to keep something for; try 7d, forever or off`);
    },
    show(ms) {
      if (ms === 0) return "off";
      if (ms === Number.POSITIVE_INFINITY) return "forever";
      return ms % DAY_MS === 0 ? `${ms / DAY_MS}d` : formatDuration(ms);
    },
  };
}
