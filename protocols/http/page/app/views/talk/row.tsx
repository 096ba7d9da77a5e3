import { Component } from "preact";
import { useText } from "../../app.ts";
import type { Row } from "../../chat/rows.ts";
import { dayName } from "../../lib/times.ts";
import { Comings } from "./comings.tsx";
import { OtherLine } from "./other-line.tsx";
import { Speech } from "./speech.tsx";

interface RowProps {
  readonly row: Row;
  readonly tag: string;
  /** The key of the message that was looked for, wherever it is. */
  readonly goal: string | null;
}

/** One row of the conversation. Rows are made anew whenever something comes; what is in them seldom changes. */
export class RowView extends Component<RowProps> {
  override shouldComponentUpdate({ row, tag, goal }: RowProps): boolean {
    const { props } = this;
    const isOther = goal !== props.goal && (has(row, goal) || has(props.row, props.goal));
    return isOther || tag !== props.tag || !isSame(row, props.row);
  }

  render() {
    return <RowContent {...this.props} />;
  }
}

function RowContent({ row, goal }: RowProps) {
  const text = useText();
  if (row.kind === "day") {
    return (
      <div class="divider">
        <time dateTime={row.time}>{dayName(row.time, Date.now(), text)}</time>
      </div>
    );
  }
  if (row.kind === "new") return <div class="divider new">{text.newSince}</div>;
  if (row.kind === "comings") return <Comings items={row.items} />;
  if (row.kind === "other") return <OtherLine item={row.item} isGoal={row.key === goal} />;
  return <Speech row={row} goal={goal} />;
}

function has(row: Row, key: string | null): boolean {
  return row.kind === "speech" ? row.lines.some((line) => line.key === key) : row.key === key;
}

function isSame(a: Row, b: Row): boolean {
  if (a.kind === "speech" && b.kind === "speech") return a.lines.length === b.lines.length && a.key === b.key;
  // A break may turn out to be another.
  if (a.kind === "other" && b.kind === "other") return a.item === b.item;
  if (a.kind === "comings" && b.kind === "comings") return a.items.length === b.items.length && a.key === b.key;
  return a.kind === b.kind && a.key === b.key;
}
