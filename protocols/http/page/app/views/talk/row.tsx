import { Component } from "preact";
import { useText } from "../../app.ts";
import type { Row } from "../../chat/rows.ts";
import { dayName } from "../../lib/times.ts";
import { Comings } from "./comings.tsx";
import { OtherLine } from "./other-line.tsx";
import { Speech } from "./speech.tsx";

/** One row of the conversation. Rows are made anew whenever something comes; what is in them seldom changes. */
export class RowView extends Component<{ readonly row: Row; readonly tag: string }> {
  override shouldComponentUpdate({ row, tag }: { readonly row: Row; readonly tag: string }): boolean {
    return tag !== this.props.tag || !isSame(row, this.props.row);
  }

  render() {
    return <RowContent row={this.props.row} />;
  }
}

function RowContent({ row }: { readonly row: Row }) {
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
  return row.kind === "other" ? <OtherLine item={row.item} /> : <Speech row={row} />;
}

function isSame(a: Row, b: Row): boolean {
  if (a.kind === "speech" && b.kind === "speech") return a.lines.length === b.lines.length && a.key === b.key;
  // A break may turn out to be another.
  if (a.kind === "other" && b.kind === "other") return a.item === b.item;
  if (a.kind === "comings" && b.kind === "comings") return a.items.length === b.items.length && a.key === b.key;
  return a.kind === b.kind && a.key === b.key;
}
