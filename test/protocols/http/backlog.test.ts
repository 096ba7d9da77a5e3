import { describe, expect, test } from "bun:test";
import { Backlog } from "../../../protocols/http/events/backlog.ts";
import type { RoomEvent } from "../../../src/chat/event.ts";

const event = (epoch: string, seq: number): RoomEvent => {
  return { event: "message", room: "#lobby", from: "ann", text: `${epoch}${seq}`, time: "", epoch, seq };
};
const run = (epoch: string, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => event(epoch, first + i));

/** All that is told out of a log that is read in pages of three. */
function read(log: readonly RoomEvent[], from: { epoch: string; seq: number } | null, oldest = log[0]?.seq ?? 1) {
  const last = log.at(-1);
  const now = { epoch: last?.epoch ?? "a", seq: last?.seq ?? 0 };
  const backlog = new Backlog(from, now);
  const told: string[] = [];
  for (let pages = 0; pages < 1_000; pages++) {
    if (backlog.seq >= now.seq) return told;
    const rest = log.filter(({ seq }) => seq > backlog.seq);
    const next = rest.length > 3 ? (rest[2]?.seq ?? null) : null;
    const piece = backlog.take({ events: rest.slice(0, 3), next, oldest }, now);
    if (piece.gap !== null) told.push(`${piece.gap.from}-${piece.gap.to} forgotten`);
    told.push(...piece.told.map(({ text }) => text));
    if (piece.whole) return told;
  }
  throw new Error("it never ends");
}

const names = (events: readonly RoomEvent[]) => events.map(({ text }) => text);

describe("what somebody has missed", () => {
  test("is nothing without a position, and what follows one", () => {
    expect(read(run("a", 1, 9), null)).toEqual([]);
    expect(read(run("a", 1, 9), { epoch: "a", seq: 4 })).toEqual(names(run("a", 5, 9)));
    expect(read(run("a", 1, 9), { epoch: "", seq: 4 })).toEqual(names(run("a", 5, 9)));
    expect(read(run("a", 1, 9), { epoch: "a", seq: 99 })).toEqual([]);
  });

  test("is all that is remembered of a counting that began anew, though its numbers are lower or higher", () => {
    expect(read(run("b", 1, 5), { epoch: "a", seq: 99 })).toEqual(names(run("b", 1, 5)));
    expect(read(run("b", 1, 5), { epoch: "a", seq: 2 })).toEqual(["b1", "b2", "b3", "b4", "b5"]);
  });

  test("is what follows, once, where the log went on with another epoch after a sudden end", () => {
    const log = [...run("a", 1, 6), ...run("b", 7, 10)];
    expect(read(log, { epoch: "a", seq: 4 })).toEqual(["a5", "a6", "b7", "b8", "b9", "b10"]);
    expect(read(log, { epoch: "a", seq: 6 })).toEqual(["b7", "b8", "b9", "b10"]);
  });

  test("has the numbers that were lost at that end and given again", () => {
    const log = [...run("a", 1, 6), ...run("b", 7, 10)];
    expect(read(log, { epoch: "a", seq: 8 })).toEqual(["b7", "b8", "b9", "b10"]);
  });

  test("has nothing of what was said before the epoch that was told", () => {
    const log = [...run("a", 1, 2), ...run("b", 3, 3), ...run("c", 4, 5), ...run("d", 6, 6)];
    expect(read(log, { epoch: "b", seq: 4 })).toEqual(["c4", "c5", "d6"]);
  });

  test("is not all that was kept for days", () => {
    const log = [...run("a", 1, 5_000), ...run("b", 5_001, 5_002)];
    expect(read(log, { epoch: "a", seq: 5_000 })).toEqual(["b5001", "b5002"]);
    expect(read(log, { epoch: "unheard of", seq: 5_000 }).length).toBe(200);
  });

  test("may be forgotten", () => {
    expect(read(run("a", 6, 9), { epoch: "a", seq: 2 })).toEqual(["3-5 forgotten", ...names(run("a", 6, 9))]);
    expect(read([], { epoch: "a", seq: 2 })).toEqual([]);
  });

  test("begins anew with a room that vanished and was opened again meanwhile", () => {
    const backlog = new Backlog({ epoch: "a", seq: 2 }, { epoch: "a", seq: 9 });
    const now = { epoch: "b", seq: 1 };
    expect(backlog.take({ events: [], next: null, oldest: 1 }, now)).toEqual({ told: [], gap: null, whole: false });
    expect(backlog.seq).toBe(0);
    expect(backlog.take({ events: run("b", 1, 1), next: null, oldest: 1 }, now).whole).toBe(true);
  });
});
