import { expect, test } from "bun:test";
import { OwnLines } from "../../../../../protocols/http/page/app/chat/own-lines.ts";

const line = (from: string, seq: number, epoch = "e") =>
  ({ event: "message", room: "#lobby", from, text: "", time: "", epoch, seq }) as const;
const lobby = (seq: number, epoch = "e") => ({ room: "#lobby", epoch, seq });

test("under a guest's name only what was said since is one's own", () => {
  const own = new OwnLines({ guestSince: {} });
  own.begin("guest3", [lobby(10)]);
  expect([line("guest3", 10), line("guest3", 11), line("guest4", 11)].map((said) => own.has(said))).toEqual([
    false,
    true,
    false,
  ]);
  expect(own.has(line("guest3", 11, "another"))).toBe(false);
});

test("it still is after the connection broke and after the page was loaded anew", () => {
  const memory = { guestSince: {} };
  new OwnLines(memory).begin("guest3", [lobby(10)]);
  const own = new OwnLines(memory);
  own.begin("guest3", [lobby(20)]);
  expect(own.has(line("guest3", 11))).toBe(true);
});

test("under a name that was chosen everything is", () => {
  const own = new OwnLines({ guestSince: {} });
  own.begin("ann", [lobby(10)]);
  expect([own.has(line("ann", 1)), own.has(line("bob", 11))]).toEqual([true, false]);
});
