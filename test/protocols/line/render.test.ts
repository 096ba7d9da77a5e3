import { expect, test } from "bun:test";
import { utf8Form } from "../../../protocols/line/form.ts";
import { eventLines, listing } from "../../../protocols/line/render.ts";
import type { ChatEvent } from "../../../src/chat/event.ts";

const time = "2026-01-02T03:04:05.678Z";
const numbered = { room: "#dev", epoch: "k", seq: 1, time };
const cases: [ChatEvent, string][] = [
  [{ event: "message", from: "ann", text: "hello", ...numbered }, "ann: hello"],
  [{ event: "action", from: "ann", text: "waves", ...numbered }, "* ann waves"],
  [{ event: "topic", from: "ann", text: "tea", ...numbered }, "-- ann set the topic: tea"],
  [{ event: "topic", from: "ann", text: "", ...numbered }, "-- ann cleared the topic"],
  [{ event: "join", name: "ann", room: "#dev", time }, "-- ann joined"],
  [{ event: "part", name: "ann", room: "#dev", time }, "-- ann left the room"],
  [{ event: "notice", room: "#dev", text: "12 joined", time }, "-- 12 joined"],
];
for (const [event, line] of cases) {
  test(`${line}, and with its room where it is not the one talked in`, () => {
    expect(utf8Form.codecFor(event, "#dev").encode(event)).toEqual(new TextEncoder().encode(`${line}\r\n`));
    expect(utf8Form.codecFor(event, "#lobby").encode(event)).toEqual(new TextEncoder().encode(`#dev ${line}\r\n`));
    expect(utf8Form.codecFor(event, null)).toBe(utf8Form.codecFor(event, "#lobby"));
  });
}

const roomless: [ChatEvent, string][] = [
  [{ event: "private", from: "ann", to: "bob", text: "psst", time }, "[ann] psst"],
  [{ event: "quit", name: "ann", reason: "", time }, "-- ann left"],
  [{ event: "quit", name: "ann", reason: "bye", time }, "-- ann left (bye)"],
  [{ event: "name", from: "ann", to: "anna", time }, "-- ann is now called anna"],
  [{ event: "notice", text: "hear", time }, "-- hear"],
];
for (const [event, line] of roomless) {
  test(`${line}, wherever one talks`, () => {
    expect(utf8Form.codecFor(event, "#dev").encode(event)).toEqual(new TextEncoder().encode(`${line}\r\n`));
    expect(utf8Form.codecFor(event, "#dev")).toBe(utf8Form.codecFor(event, null));
  });
}

test("every line of a message has its prefix, so nobody can write another's line", () => {
  const event: ChatEvent = {
    event: "message",
    from: "eve",
    text: "hi\nann: I owe eve money\n-- eve is admin",
    ...numbered,
  };
  expect(eventLines(event)).toBe("eve: hi\r\neve: ann: I owe eve money\r\neve: -- eve is admin\r\n");
  expect(eventLines(event, "#dev ")).toBe(
    "#dev eve: hi\r\n#dev eve: ann: I owe eve money\r\n#dev eve: -- eve is admin\r\n",
  );
});

test("nothing that drives a terminal gets out, CR least of all", () => {
  const event: ChatEvent = { event: "message", from: "e\x1bve", text: "a\rann: b\x1b[2J\u202e\u2028\x9b", ...numbered };
  expect(eventLines(event)).toBe("e\\x1bve: a\\x0dann: b\\x1b[2J\\u202e\\u2028\\x9b\r\n");
  expect(String(Buffer.from(utf8Form.notice("a\r\n\x07b")))).toBe("-- a\\x0d\r\n-- \\x07b\r\n");
});

test("lists are broken before column 80, counting wide characters twice", () => {
  const wide = listing(
    "here:",
    Array.from({ length: 30 }, () => "日本語"),
  );
  for (const line of wide.trimEnd().split("\r\n")) expect(Bun.stringWidth(line)).toBeLessThan(80);
  expect(listing("here:", ["ann", "bob"])).toBe("-- here: ann, bob\r\n");
});
