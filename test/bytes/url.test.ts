import { expect, test } from "bun:test";
import { encodePath, hostInUrl } from "../../src/bytes/url.ts";

test("IPv6 stands in brackets, and nothing else does", () => {
  expect(["10.0.0.5", "::1", "tin.example"].map(hostInUrl)).toEqual(["10.0.0.5", "[::1]", "tin.example"]);
});

test("a path keeps its slashes, and has nothing that a shell or a program for mail would take for its own", () => {
  expect(encodePath("/a b/it's (1)!*/日")).toBe("/a%20b/it%27s%20%281%29%21%2A/%E6%97%A5");
  expect(encodePath("/a_b.c~d/etc./draft_/~")).toBe("/a_b.c~d/etc%2E/draft%5F/%7E");
});
