import { expect, spyOn, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { Flusher } from "../../src/net/flusher.ts";

test("an item that throws at the end of a turn keeps no other from its own", () => {
  const turns: (() => void)[] = [];
  const schedule = spyOn(globalThis, "setImmediate").mockImplementation(((run: () => void) => {
    turns.push(run);
  }) as never);
  try {
    const flusher = new Flusher(systemClock);
    const ended: string[] = [];
    const item = (name: string) => ({ endTurn: () => void ended.push(name) });
    flusher.add(item("first"));
    flusher.add({
      endTurn() {
        throw new Error("oops");
      },
    });
    flusher.add(item("third"));
    expect(turns.shift()).toThrow("oops");
    turns.shift()?.();
    expect(ended).toEqual(["first", "third"]);
    expect(turns).toEqual([]);
  } finally {
    schedule.mockRestore();
  }
});
