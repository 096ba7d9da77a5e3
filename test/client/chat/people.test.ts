import { expect, test } from "bun:test";
import { People } from "../../../src/client/chat/people.ts";

test("people are known by what they do", () => {
  const people = new People();
  people.add("Ann");
  people.hear({ event: "message", from: "anton", text: "hi" });
  people.hear({ event: "join", name: "anna", room: "#lobby" });
  expect(people.like("an")).toEqual(["Ann", "anna", "anton"]);
  people.hear({ event: "quit", name: "anna", reason: "" });
  people.hear({ event: "name", from: "anton", to: "tony" });
  expect(people.like("")).toEqual(["Ann", "tony"]);
});

test("a name that could drive the terminal is never offered", () => {
  const people = new People();
  people.add("an\x1b[2J");
  expect(people.like("a")).toEqual([]);
});
