import { describe, expect, test } from "bun:test";
import { httpOptions } from "../../../protocols/http/options.ts";
import { OptionError } from "../../../src/config/option.ts";

const { httpName, pathPrefix } = httpOptions;

describe("--http-name", () => {
  test.each([
    ["chat.example", ["chat.example"]],
    ["Chat.Example., a", ["chat.example.", "a"]],
    // As browsers write it in Host.
    ["jürgen.example", ["xn--jrgen-kva.example"]],
    ["my_box-1", ["my_box-1"]],
    ["203.0.113.7,[2001:db8::1]", ["203.0.113.7", "2001:db8::1"]],
    ["", []],
  ])("takes %j", (given, names) => {
    expect(httpName.parse(given)).toEqual(names);
  });

  const wrong = ["a b", "*", "*.example", "https://a.example", "a.example:8480", "a/b", "a?b", "u@a", "-a", "a..b"];
  test.each([...wrong, "x".repeat(64), "[::1"])("refuses %j", (given) => {
    expect(() => httpName.parse(given)).toThrow(OptionError);
    expect(() => httpName.parse(`a.example,${given}`)).toThrow("is no name of a host; try chat.example.org");
  });
});

describe("--path-prefix", () => {
  test.each([
    ["/chat", "/chat"],
    ["/a/b.c/", "/a/b.c"],
    ["/.well-known/..x", "/.well-known/..x"],
    ["/", ""],
  ])("takes %j", (given, prefix) => expect(pathPrefix.parse(given)).toBe(prefix));

  test.each(["chat", "/..", "/../x", "/a/./b", "/a//b", "/a b", "/a?b", "/%61"])("refuses %j", (given) => {
    expect(() => pathPrefix.parse(given)).toThrow("is no path; try /chat");
  });
});
