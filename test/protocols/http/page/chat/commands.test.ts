import { describe, expect, test } from "bun:test";
import { applyEvent } from "../../../../../protocols/http/page/app/chat/apply.ts";
import { commands, helpFor, parseTyped } from "../../../../../protocols/http/page/app/chat/commands.ts";
import { completeName, completionsOf } from "../../../../../protocols/http/page/app/chat/completion.ts";
import { hides } from "../../../../../protocols/http/page/app/chat/ignored.ts";
import { sayable } from "../../../../../protocols/http/page/app/chat/sayable.ts";
import { initialChat, titleOf } from "../../../../../protocols/http/page/app/chat/state.ts";
import { en } from "../../../../../protocols/http/page/app/text/en.ts";
import { commands as lineCommands } from "../../../../../protocols/line/commands.ts";

const members = ["ann", "Annika", "bob"];
const known = { members, people: [...members, "carol"], rooms: ["#lobby", "#dev"] };
const labels = (typed: string) => completionsOf(typed, known).map(({ label }) => label);

describe("what was typed", () => {
  test("is said unless it begins with a slash", () => {
    expect(parseTyped("hello /join")).toEqual({ kind: "say", text: "hello /join" });
    expect(parseTyped("//etc")).toEqual({ kind: "say", text: "/etc" });
  });

  test("is a command with its words, in capitals too", () => {
    expect(parseTyped("/ME  waves\nand smiles ")).toEqual({
      kind: "run",
      name: "me",
      command: commands["me"] as never,
      words: "waves\nand smiles",
    });
  });

  test.each(["/nope", "/", "/constructor", "/toString"])("%s is no command", (typed) => {
    expect(parseTyped(typed).kind).toBe("unknown");
  });
});

describe("commands", () => {
  test.each([
    ["/nick ann", "nick"],
    ["/name ann", "nick"],
    ["/part", "leave"],
    ["/leave #dev", "leave"],
    ["/history", "history"],
    ["/files photos", "files"],
    ["/ignore", "ignore"],
    ["/QUIT", "quit"],
  ])("%s is the line door's", (typed, name) => {
    expect(parseTyped(typed)).toMatchObject({ kind: "run", name });
  });

  test("are those of the line door, and no fewer", () => {
    expect(Object.keys(commands).toSorted()).toEqual(lineCommands.map(({ name }) => name).toSorted());
  });

  test.each([
    ["/jion #dev", "join"],
    ["/serach x", "search"],
    ["/xyzzyx", null],
  ])("%s: did you mean %p", (typed, guess) => {
    expect(parseTyped(typed)).toMatchObject({ kind: "unknown", guess });
  });

  test.each(["/nick", "/join ", "/me", "/msg", "/search"])("%s wants words", (typed) => {
    expect(parseTyped(typed)).toMatchObject({ kind: "short" });
  });

  test("are explained, one by its name", () => {
    expect(helpFor("nick", en)).toBe("/nick NAME — take another name");
    expect(helpFor("quit", en)).toBe("/quit — leave the chat");
    expect(helpFor("constructor", en)).toBe("");
  });

  test.each([
    ["#dev", "#dev"],
    ["@nobody", "nobody"],
  ])("%s is called %s before people", (id, title) => {
    expect(titleOf(id)).toBe(title);
  });
});

test("what no field shows is not said", () => {
  expect(sayable("\tif (x) {\r\n\x07\u0085é}")).toBe("    if (x) {\né}");
});

describe("whoever is ignored", () => {
  const said = (from: string, event = "message") =>
    ({ event, from, room: "#lobby", text: "hi", time: "", epoch: "e", seq: 1 }) as never;

  test("is not heard, in capitals neither, but seen to come and go", () => {
    expect([said("Bob"), said("bob", "private"), said("bob", "action")].map((event) => hides(["bob"], event))).toEqual([
      true,
      true,
      true,
    ]);
    expect(hides(["bob"], said("bobby"))).toBe(false);
    expect(hides(["bob"], { event: "join", room: "#lobby", name: "bob", time: "" })).toBe(false);
  });

  test("stays so under another name", () => {
    const state = { ...initialChat, ignored: ["bob"] };
    const now = { attentive: true, isMine: () => false, key: "k" };
    const renamed = applyEvent(state, { event: "name", from: "bob", to: "rob", time: "" }, now);
    expect(renamed.ignored).toEqual(["rob"]);
    expect(applyEvent(renamed, said("rob", "private"), now).rooms.size).toBe(0);
  });
});

describe("completion", () => {
  test("lists every command for a slash, and those that begin so", () => {
    expect(completionsOf("/", known)).toHaveLength(Object.keys(commands).length);
    expect(completionsOf("/m", known).map(({ text }) => text)).toEqual(["/msg ", "/me "]);
    expect(completionsOf("/room", known).map(({ text }) => text)).toEqual(["/rooms"]);
  });

  test("ends where words begin that no list has", () => {
    expect(labels("/me wa")).toEqual([]);
    expect(labels("see /m")).toEqual([]);
    expect(labels("")).toEqual([]);
  });

  test("knows people and rooms", () => {
    expect(labels("/msg an")).toEqual(["ann", "Annika"]);
    expect(labels("/part #d")).toEqual(["#dev"]);
    expect(labels("/msg c")).toEqual(["carol"]);
  });

  test("leaves alone what is all there", () => {
    expect(labels("/msg Ann")).toEqual([]);
    expect(labels("/leave #dev")).toEqual([]);
  });

  test("completes a name as Tab does", () => {
    expect(completeName("bo", known)).toBe("bob: ");
    expect(completeName("ask @bo", known)).toBe("ask bob ");
    expect(completeName("ask bob ", known)).toBeNull();
    expect(completeName("xyz", known)).toBeNull();
    expect(completeName("", known)).toBeNull();
  });
});
