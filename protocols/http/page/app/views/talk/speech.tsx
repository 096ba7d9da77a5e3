import { Component } from "preact";
import { useApp, useText } from "../../app.ts";
import { names } from "../../chat/names.ts";
import type { Row, Speech as Spoken } from "../../chat/rows.ts";
import { clockTime, fullTime } from "../../lib/times.ts";
import { useStore } from "../../lib/use-store.ts";
import { Avatar, hueOf } from "../avatar.tsx";
import { Words } from "./words.tsx";

/** What one person said in one go, under their name and the time of the first. */
export function Speech({
  row,
  goal,
}: {
  readonly row: Row & { readonly kind: "speech" };
  readonly goal: string | null;
}) {
  const text = useText();
  const own = useStore(useApp().chat.state, ({ name }) => name);
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
          <LineView key={key} event={event} mine={mine} own={own} tag={text.tag} isGoal={key === goal} />
        ))}
      </div>
    </article>
  );
}

interface LineProps {
  readonly event: Spoken;
  readonly mine: boolean;
  /** What this user is called now. */
  readonly own: string | null;
  readonly tag: string;
  readonly isGoal: boolean;
}

/** Drawn once: somebody who says a thousand lines in one go would have all of them drawn a thousand times. */
class LineView extends Component<LineProps> {
  override shouldComponentUpdate({ mine, own, tag, isGoal }: LineProps): boolean {
    const { props } = this;
    return mine !== props.mine || own !== props.own || tag !== props.tag || isGoal !== props.isGoal;
  }

  render({ event, mine, own, tag, isGoal }: LineProps) {
    // All that is said in private is meant for this user.
    const isCalled = !mine && "room" in event && names(event.text, own);
    return (
      <p
        class={`said${mine ? " own" : isCalled ? " called" : ""}${isGoal ? " goal" : ""}`}
        tabIndex={isGoal ? -1 : undefined}
        data-seq={"seq" in event ? event.seq : undefined}
        title={fullTime(event.time, tag)}
      >
        <Words text={event.text} />
      </p>
    );
  }
}
