import { describe, expect, test } from "bun:test";
import { commands, parseTyped } from "../../../../../protocols/http/page/app/chat/commands.ts";
import { completeName, completionsOf } from "../../../../../protocols/http/page/app/chat/completion.ts";

const known = { members: ["ann", "Annika", "bob"], rooms: ["#lobby", "#dev"] };
const labels = (typed: string) => completionsOf(typed, known).map(({ label }) => label);

describe("what was typed", () => {
  test("is said unless it begins with a slash", () => {
    expect(parseTyped("hello /join")).toEqual({ kind: "say", text: "hello /join" });
    expect(parseTyped("//etc")).toEqual({ kind: "say", text: "/etc" });
  });

  test("is a command with its words, in capitals too", () => {
    expect(parseTyped("/ME  waves\nand smiles ")).toEqual({
      kind: "run",
      command: commands["me"] as never,
      words: "waves\nand smiles",
    });
  });

  test.each(["/nope", "/", "/constructor", "/toString"])("%s is no command", (typed) => {
    expect(parseTyped(typed).kind).toBe("unknown");
  });
});

describe("completion", () => {
  test("lists every command for a slash, and those that begin so", () => {
    expect(completionsOf("/", known)).toHaveLength(Object.keys(commands).length);
    expect(completionsOf("/m", known).map(({ text }) => text)).toEqual(["/me ", "/msg "]);
    expect(completionsOf("/who", known).map(({ text }) => text)).toEqual(["/who"]);
  });

  test("ends where words begin that no list has", () => {
    expect(labels("/me wa")).toEqual([]);
    expect(labels("see /m")).toEqual([]);
    expect(labels("")).toEqual([]);
  });

  test("knows people and rooms", () => {
    expect(labels("/msg an")).toEqual(["ann", "Annika"]);
    expect(labels("/part #d")).toEqual(["#dev"]);
  });

  test("completes a name as Tab does", () => {
    expect(completeName("bo", known)).toBe("bob: ");
    expect(completeName("ask @bo", known)).toBe("ask bob ");
    expect(completeName("ask bob ", known)).toBeNull();
    expect(completeName("xyz", known)).toBeNull();
    expect(completeName("", known)).toBeNull();
  });
});
