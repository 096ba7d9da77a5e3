import { useText } from "../../app.ts";
import type { Row } from "../../chat/rows.ts";
import { clockTime, fullTime } from "../../lib/times.ts";
import { Avatar, hueOf } from "../avatar.tsx";
import { Words } from "./words.tsx";

/** What one person said in one go, under their name and the time of the first. */
export function Speech({ row }: { readonly row: Row & { readonly kind: "speech" } }) {
  const text = useText();
  const { from, mine, lines } = row;
  const time = lines[0]?.event.time ?? "";
  return (
    <article class="speech" data-mine={mine}>
      <Avatar name={from} />
      <div class="speech-body">
        <header>
          <span class="who" style={{ "--hue": hueOf(from) }}>
            {from}
          </span>
          {mine && <span class="muted small">{text.you}</span>}
          <time dateTime={time} title={fullTime(time, text.tag)}>
            {clockTime(time, text.tag)}
          </time>
        </header>
        {lines.map(({ key, event }) => (
          <p
            key={key}
            class={mine ? "said own" : "said"}
            data-seq={"seq" in event ? event.seq : undefined}
            title={fullTime(event.time, text.tag)}
          >
            <Words text={event.text} />
          </p>
        ))}
      </div>
    </article>
  );
}
