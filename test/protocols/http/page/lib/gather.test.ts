import { expect, test } from "bun:test";
import { Gather } from "../../../../../protocols/http/page/app/lib/gather.ts";
import { HandClock } from "../../../../support/hand-clock.ts";

function gather() {
  const clock = new HandClock();
  const turns: string[][] = [];
  let turn: string[] = [];
  const gathered = new Gather<string>(
    (one) => turn.push(one),
    (ms, then) => clock.after(ms, then),
  );
  const inTurn = (work: () => void) => {
    turn = [];
    work();
    if (turn.length > 0) turns.push(turn);
  };
  return { gathered, turns, take: (one: string) => inTurn(() => gathered.take(one)), inTurn, clock };
}

test("what comes alone is handed on at once", () => {
  const { take, turns, clock } = gather();
  take("a");
  expect(turns).toEqual([["a"]]);
  clock.move(16);
  take("b");
  expect(turns).toEqual([["a"], ["b"]]);
});

test("what comes faster than frames is handed on in one go for each", () => {
  const { take, turns, inTurn, clock } = gather();
  for (const one of ["a", "b", "c"]) take(one);
  expect(turns).toEqual([["a"]]);
  inTurn(() => clock.move(16));
  expect(turns).toEqual([["a"], ["b", "c"]]);
  take("d");
  inTurn(() => clock.move(15));
  expect(turns).toHaveLength(2);
  inTurn(() => clock.move(1));
  expect(turns).toEqual([["a"], ["b", "c"], ["d"]]);
});

test("nothing is lost when it ends", () => {
  const { take, turns, inTurn, gathered, clock } = gather();
  for (const one of ["a", "b"]) take(one);
  inTurn(() => gathered.flush());
  expect(turns).toEqual([["a"], ["b"]]);
  inTurn(() => clock.move(100));
  expect(turns).toHaveLength(2);
});

test("what one message throws stops none of the others", () => {
  const clock = new HandClock();
  const heard: string[] = [];
  const gathered = new Gather<string>(
    (one) => {
      if (one === "bad") throw new Error(one);
      heard.push(one);
    },
    (ms, then) => clock.after(ms, then),
  );
  expect(() => gathered.take("bad")).toThrow("bad");
  for (const one of ["a", "bad", "b"]) gathered.take(one);
  expect(() => clock.move(16)).toThrow("bad");
  clock.move(16);
  expect(heard).toEqual(["a", "b"]);
});
