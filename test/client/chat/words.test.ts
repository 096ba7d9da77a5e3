import { describe, expect, test } from "bun:test";
import { notice, wordsOf } from "../../../src/client/chat/words.ts";
import type { WireEvent } from "../../../src/client/messages.ts";
import { coloured, styleFor } from "../../../src/client/style.ts";

const ann = { name: "ann", room: "#lobby" };
const say = (text: string, more = {}) => ({ event: "message", room: "#lobby", from: "bob", text, ...more });

describe("an event in words", () => {
  const cases: readonly [WireEvent, string | null][] = [
    [say("hello"), "bob: hello"],
    [say("hello", { room: "#dev" }), "#dev bob: hello"],
    [say("waves", { event: "action" }), "* bob waves"],
    [{ event: "private", from: "bob", to: "ann", text: "psst" }, "[bob] psst"],
    [{ event: "private", from: "ann", to: "bob", text: "psst" }, "[to bob] psst"],
    [say("tin", { event: "topic" }), "-- bob set the topic: tin"],
    [say("", { event: "topic" }), "-- bob cleared the topic"],
    [{ event: "join", room: "#lobby", name: "bob" }, "-- bob joined"],
    [{ event: "part", room: "#dev", name: "bob" }, "#dev -- bob left the room"],
    [{ event: "quit", name: "bob", reason: "" }, "-- bob left"],
    [{ event: "quit", name: "bob", reason: "tea" }, "-- bob left (tea)"],
    [{ event: "name", from: "bob", to: "rob" }, "-- bob is now called rob"],
    [{ event: "notice", room: "#lobby", text: "3 joined" }, "-- 3 joined"],
    [{ event: "bye", reason: "shutdown", text: "the server is shutting down" }, "-- the server is shutting down"],
    [{ event: "hologram" }, null],
    [{ event: "constructor" }, null],
  ];
  for (const [event, words] of cases) {
    test(words ?? `none for ${event.event}`, () => expect(wordsOf(event, ann)).toBe(words));
  }

  test("has its prefix before every line, so that no line can be forged", () => {
    expect(wordsOf(say("1\n-- eve joined"), ann)).toBe("bob: 1\nbob: -- eve joined");
    expect(wordsOf(say("1\nann: 2", { room: "#dev" }), ann)).toBe("#dev bob: 1\n#dev bob: ann: 2");
    expect(wordsOf({ event: "quit", name: "bob", reason: "x\nann: y" }, ann)).toBe("-- bob left (x\n-- ann: y)");
    expect(notice("1\n2")).toBe("-- 1\n-- 2");
  });

  test("cannot drive a terminal with any of its texts", () => {
    const evil = "\x1b[2J\u202e\r\x9b";
    for (const [event] of cases) {
      const all = Object.fromEntries(Object.keys(event).map((key) => [key, key === "event" ? event.event : evil]));
      expect(wordsOf({ event: event.event, ...all }, ann) ?? "").not.toMatch(/[\x1b\u202e\r\x9b]/);
    }
  });

  test("from a server that leaves out what belongs into it is still words", () => {
    for (const [{ event }, words] of cases) if (words !== null) expect(wordsOf({ event }, ann)).toBeString();
  });
});

describe("colours", () => {
  test("are for terminals alone, and not against the user's wish", () => {
    expect(styleFor({ isTTY: true }, {})).toBe(coloured);
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) expect(styleFor({ isTTY: true }, env)).not.toBe(coloured);
    expect(styleFor({}, {})).not.toBe(coloured);
  });

  test("are the same for a name each time, and end with it", () => {
    const words = wordsOf(say("hi"), { ...ann, style: coloured }) ?? "";
    expect(words).toMatch(/^\x1b\[3\dmbob\x1b\[39m: hi$/);
    expect(wordsOf(say("hi"), { ...ann, style: coloured })).toBe(words);
  });
});
