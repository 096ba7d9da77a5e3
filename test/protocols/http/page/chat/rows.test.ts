import { describe, expect, test } from "bun:test";
import { rowsOf } from "../../../../../protocols/http/page/app/chat/rows.ts";
import type { Item } from "../../../../../protocols/http/page/app/chat/timeline.ts";

function said(seq: number, from: string, minute: number, day = 2): Item {
  const time = new Date(2026, 0, day, 12, minute).toISOString();
  const event = { event: "message", room: "#lobby", from, text: "hi", time, epoch: "k", seq } as const;
  return { kind: "said", key: `k:${seq}`, event, mine: from === "me" };
}

function came(key: string): Item {
  const time = new Date(2026, 0, 2, 12, 0).toISOString();
  return { kind: "passing", key, event: { event: "join", room: "#lobby", name: key, time }, mine: false };
}

function shape(items: readonly Item[], newFrom: string | null = null): readonly string[] {
  return rowsOf(items, newFrom).map((row) => {
    if (row.kind === "speech") return `${row.from}*${row.lines.length}`;
    return row.kind === "comings" ? `comings*${row.items.length}` : row.kind;
  });
}

describe("the rows of a conversation", () => {
  test("group what one person says in one go", () => {
    const items = [said(1, "ann", 0), said(2, "ann", 1), said(3, "bob", 1), said(4, "ann", 2)];
    expect(shape(items)).toEqual(["day", "ann*2", "bob*1", "ann*1"]);
  });

  test("begin anew after a silence", () => {
    expect(shape([said(1, "ann", 0), said(2, "ann", 4), said(3, "ann", 9)])).toEqual(["day", "ann*2", "ann*1"]);
  });

  test("begin anew with a day", () => {
    expect(shape([said(1, "ann", 0), said(2, "ann", 0, 3)])).toEqual(["day", "ann*1", "day", "ann*1"]);
  });

  test("are parted by what is no speech, and put comings and goings together", () => {
    const items = [said(1, "ann", 0), came("p1"), came("p2"), said(2, "ann", 0), came("p3")];
    expect(shape(items)).toEqual(["day", "ann*1", "comings*2", "ann*1", "comings*1"]);
    expect(shape([came("p1"), came("p2")], "p2")).toEqual(["day", "comings*1", "new", "comings*1"]);
  });

  test("show where the unread begins", () => {
    expect(shape([said(1, "ann", 0), said(2, "ann", 0)], "k:2")).toEqual(["day", "ann*1", "new", "ann*1"]);
  });
});
