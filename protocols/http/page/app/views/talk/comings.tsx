import { useText } from "../../app.ts";
import type { Passing } from "../../chat/timeline.ts";
import { clockTime } from "../../lib/times.ts";
import { lineOf } from "./event-line.tsx";

/** More are only counted. */
const MOST = 8;

/** Who came, went and took another name, in one dim line; the time is that of the last. */
export function Comings({ items }: { readonly items: readonly Passing[] }) {
  const text = useText();
  const time = items.at(-1)?.event.time ?? "";
  const shown = items.slice(-MOST);
  return (
    <p class="other" data-tone="dim">
      <span class="other-words">
        {items.length > MOST && `${text.more(items.length - MOST)} · `}
        {shown.map((item, at) => (
          <span key={item.key}>
            {at > 0 && "\u00a0· "}
            {lineOf(item.event, text).words}
          </span>
        ))}
      </span>
      <time dateTime={time}>{clockTime(time, text.tag)}</time>
    </p>
  );
}
