import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  addItem,
  addPage,
  addSaid,
  beganBroken,
  beginBehindGap,
  beginEpoch,
  emptyTimeline,
  forgetSaid,
  goOnBehind,
  type Item,
  type Timeline,
  trim,
} from "../../../../../protocols/http/page/app/chat/timeline.ts";
import type { RoomEvent } from "../../../../../protocols/http/page/app/chat/wire.ts";

const TIME = "2026-01-02T03:04:05.678Z";

function said(seq: number, epoch = "k3"): RoomEvent {
  return { event: "message", room: "#lobby", from: "ann", text: `text ${seq}`, time: TIME, epoch, seq };
}

function seqs({ items }: Timeline): readonly (number | string)[] {
  return items.map((item) => (item.kind === "said" ? item.event.seq : item.kind));
}

const note: Item = { kind: "note", key: "n", tone: "plain", text: "", time: TIME };
const notMine = () => false;

describe("a timeline", () => {
  test("has everything once and in order, however it comes", () => {
    const some = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(some, (order) => {
        const timeline = order.reduce((grown, seq) => addSaid(grown, said(seq), false), emptyTimeline);
        expect(seqs(timeline)).toEqual([...new Set(order)].sort((a, b) => a - b));
        expect(timeline.first).toBe(Math.min(...order));
      }),
    );
  });

  test("knows up to where nothing is missing", () => {
    let timeline = addSaid(addSaid(emptyTimeline, said(5), false), said(6), false);
    expect(timeline.last).toBe(6);
    timeline = addSaid(timeline, said(9), false);
    expect(timeline.last).toBe(6);
    timeline = addSaid(addSaid(timeline, said(8), false), said(7), false);
    expect(timeline).toMatchObject({ first: 5, last: 9 });
  });

  test("is the same when an event comes again", () => {
    const timeline = addSaid(emptyTimeline, said(1), false);
    expect(addSaid(timeline, said(1), false)).toBe(timeline);
  });

  test("puts a page of history above what is there, below the break before it", () => {
    const before = addItem(addSaid(emptyTimeline, said(1, "old"), false), note);
    const after = addSaid(beginEpoch(before, "new", TIME), said(11, "new"), false);
    const grown = addPage(after, [said(9, "new"), said(10, "new")], notMine);
    expect(seqs(grown)).toEqual([1, "note", "break", 9, 10, 11]);
    expect(grown).toMatchObject({ first: 9, last: 11 });
  });

  test("takes a page that overlaps with what is there", () => {
    const timeline = addSaid(addSaid(emptyTimeline, said(4), false), said(5), false);
    expect(seqs(addPage(timeline, [said(3), said(4), said(5), said(6)], notMine))).toEqual([3, 4, 5, 6]);
  });

  test("keeps what the room does not number where it came", () => {
    const timeline = addItem(addSaid(emptyTimeline, said(1), false), note);
    expect(seqs(addSaid(timeline, said(2), false))).toEqual([1, "note", 2]);
  });

  test("has no break before its first epoch", () => {
    expect(seqs(beginEpoch(addItem(emptyTimeline, note), "k3", TIME))).toEqual(["note"]);
  });

  test("has no break where nothing was said that could be forgotten", () => {
    const quiet = beginEpoch(addItem(beginEpoch(emptyTimeline, "a", TIME), note), "b", TIME);
    expect(seqs(quiet)).toEqual(["note"]);
    const anew = beginEpoch(addSaid(quiet, said(1, "b"), false), "c", TIME);
    expect(seqs(beginEpoch(addItem(anew, note), "d", TIME))).toEqual(["note", 1, "break", "note"]);
  });

  test("forgets what can be fetched again", () => {
    const timeline = addItem(addSaid(emptyTimeline, said(7), false), note);
    expect(forgetSaid(timeline)).toMatchObject({ items: [note], first: 0, last: 0, epoch: "k3" });
  });

  test("keeps what it has where the server has forgotten what came then", () => {
    let timeline = addItem(addPage(emptyTimeline, [said(4), said(5)], notMine), note);
    timeline = beginBehindGap(addSaid(timeline, said(19), false), TIME);
    expect(seqs(timeline)).toEqual([4, 5, "note", "break", 19]);
    expect(timeline).toMatchObject({ first: 19, last: 19 });
    timeline = addPage(timeline, [said(17), said(18)], notMine);
    expect(seqs(timeline)).toEqual([4, 5, "note", "break", 17, 18, 19]);
    expect(addSaid(timeline, said(20), false)).toMatchObject({ first: 17, last: 20 });
    expect(seqs(forgetSaid(timeline))).toEqual([4, 5, "note", "break"]);
    expect(trim(timeline, 5)).toMatchObject({ first: 17 });
    expect(seqs(beginBehindGap(addSaid(emptyTimeline, said(4), false), TIME))).toEqual([4, "break"]);
  });

  const page =
    (...events: RoomEvent[]) =>
    (timeline: Timeline) =>
      addPage(timeline, events, notMine);
  const three = page(said(1, "a"), said(2, "b"), said(3, "b"))(beginEpoch(emptyTimeline, "c", TIME));

  test("has no breaks between the epochs that a server has kept", () => {
    expect(seqs(three)).toEqual([1, 2, 3]);
    expect(three).toMatchObject({ epoch: "c", first: 1, last: 3 });
    const grown = page(said(3, "b"), said(4, "c"), said(5, "c"))(three);
    expect(seqs(grown)).toEqual([1, 2, 3, 4, 5]);
    expect(grown).toMatchObject({ first: 1, last: 5 });
    const above = page(
      said(1, "a"),
      said(2, "b"),
    )(page(said(3, "b"), said(4, "c"))(beginEpoch(emptyTimeline, "c", TIME)));
    expect(seqs(above)).toEqual([1, 2, 3, 4]);
    expect(above).toMatchObject({ first: 1, last: 4 });
  });

  test("goes on without a break when a server that counts anew has lost nothing of it", () => {
    const anew = addSaid(beginEpoch(addItem(three, note), "d", TIME), said(4, "d"), false);
    expect(beganBroken(anew)).toBe(true);
    const on = goOnBehind(anew, said(3, "b"));
    expect(seqs(on)).toEqual([1, 2, 3, "note", 4]);
    expect(on).toMatchObject({ epoch: "d", first: 1, last: 4 });
    expect(beganBroken(on)).toBe(false);
  });

  test("says where it does what the server has lost, whose numbers are given again", () => {
    const told = addSaid(addSaid(three, said(4, "c"), false), said(5, "c"), false);
    const on = goOnBehind(beginEpoch(told, "d", TIME), said(4, "c"));
    expect(seqs(on)).toEqual([1, 2, 3, 4, 5, "break"]);
    expect(on).toMatchObject({ first: 1, last: 4 });
    const grown = addSaid(addSaid(on, said(6, "d"), false), said(5, "d"), false);
    expect(seqs(grown)).toEqual([1, 2, 3, 4, 5, "break", 5, 6]);
    expect(grown).toMatchObject({ first: 1, last: 6 });
    expect(seqs(page(said(4, "c"), said(5, "d"))(grown))).toEqual([1, 2, 3, 4, 5, "break", 5, 6]);
  });

  test("has what was said between two sudden ends below what the first has lost", () => {
    const told = addSaid(addSaid(three, said(4, "c"), false), said(5, "c"), false);
    const on = goOnBehind(beginEpoch(told, "e", TIME), said(3, "b"));
    expect(seqs(on)).toEqual([1, 2, 3, 4, 5, "break"]);
    const again = [said(4, "d"), said(5, "d"), said(6, "d"), said(7, "e")];
    const grown = again.reduce((timeline, event) => addSaid(timeline, event, false), on);
    expect(seqs(grown)).toEqual([1, 2, 3, 4, 5, "break", 4, 5, 6, 7]);
    expect(grown).toMatchObject({ first: 1, last: 7 });
    expect(seqs(page(said(2, "b"), said(3, "b"), said(4, "d"))(grown))).toEqual(seqs(grown));
  });

  test("is cut at its old end", () => {
    const timeline = addPage(
      emptyTimeline,
      [1, 2, 3, 4, 5].map((seq) => said(seq)),
      notMine,
    );
    expect(seqs(trim(timeline, 3))).toEqual([3, 4, 5]);
    expect(trim(timeline, 3)).toMatchObject({ first: 3, last: 5 });
    expect(trim(timeline, 5)).toBe(timeline);
  });
});
