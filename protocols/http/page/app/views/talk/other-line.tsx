import { useText } from "../../app.ts";
import type { Item } from "../../chat/timeline.ts";
import { clockTime } from "../../lib/times.ts";
import { lineOf } from "./event-line.tsx";

/** Actions, topics, comings and goings, notices: one line each. */
export function OtherLine({ item, isGoal }: { readonly item: Item; readonly isGoal: boolean }) {
  const text = useText();
  if (item.kind === "break") return <div class="divider broken">{text[item.why]}</div>;
  const time = item.kind === "note" ? item.time : item.event.time;
  const { tone, words } = item.kind === "note" ? { tone: item.tone, words: item.text } : lineOf(item.event, text);
  return (
    <p
      class={isGoal ? "other goal" : "other"}
      tabIndex={isGoal ? -1 : undefined}
      data-tone={tone}
      role={tone === "bad" ? "alert" : undefined}
    >
      <span class="other-words">{words}</span>
      <time dateTime={time}>{clockTime(time, text.tag)}</time>
    </p>
  );
}
