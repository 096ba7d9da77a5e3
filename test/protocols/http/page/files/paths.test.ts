import { describe, expect, test } from "bun:test";
import { previewOf } from "../../../../../protocols/http/page/app/files/kinds.ts";
import {
  inHome,
  inShare,
  isOtherName,
  join,
  nameOf,
  otherName,
  parentOf,
  trail,
} from "../../../../../protocols/http/page/app/files/paths.ts";
import { contentRange, reprDigest } from "../../../../../protocols/http/page/app/files/upload/pieces.ts";

describe("paths", () => {
  test("are put together and taken apart", () => {
    expect([join("/", "a"), join("/a", "b c")]).toEqual(["/a", "/a/b c"]);
    expect([parentOf("/a"), parentOf("/a/b/c")]).toEqual(["/", "/a/b"]);
    expect(nameOf("/a/b c.txt")).toBe("b c.txt");
  });

  test("are shared as they are for who has another home", () => {
    expect([inShare("/", "/a"), inShare("/ann", "/a/b"), inShare("/ann", "/")]).toEqual(["/a", "/ann/a/b", "/ann"]);
  });

  test("of the share are others for who has another home, or not theirs", () => {
    expect([inHome("/", "/a"), inHome("/ann", "/ann/a/b"), inHome("/ann", "/anna/b")]).toEqual(["/a", "/a/b", null]);
  });

  test("lead from the root", () => {
    expect(trail("/")).toEqual([{ name: "", path: "/" }]);
    expect(trail("/a/b").map(({ path }) => path)).toEqual(["/", "/a", "/a/b"]);
  });

  test.each([
    ["a.txt", "a (2).txt"],
    ["a", "a (2)"],
    [".profile", ".profile (2)"],
    ["a.tar.gz", "a.tar (2).gz"],
  ])("another name for %s is %s", (name, other) => {
    expect(otherName(name, () => false)).toBe(other);
    expect(isOtherName(other, name)).toBe(true);
  });

  test.each(["a.txt", "b (2).txt", "a (2).md", "a (x).txt", "a (2).txt.txt", "a ().txt", "a (2"])(
    "%s is not made of a.txt",
    (name) => {
      expect(isOtherName(name, "a.txt")).toBe(false);
    },
  );

  test("the other name is free", () => {
    const taken = new Set(["a (2).txt", "a (3).txt"]);
    expect(otherName("a.txt", (name) => taken.has(name))).toBe("a (4).txt");
  });
});

test.each([
  ["a.PNG", "image"],
  ["a.mp4", "video"],
  ["a.tar.gz", null],
  ["README.md", "text"],
  ["Makefile", "text"],
  // As a picture it could run scripts where it is opened by itself.
  ["a.svg", "text"],
  ["a.html", "text"],
  ["noending", null],
] as const)("%s is shown as %s", (name, kind) => {
  expect(previewOf(name)).toBe(kind);
});

test("headers of a piece", () => {
  expect(contentRange(0, 10, 100)).toBe("bytes 0-9/100");
  expect(contentRange(0, 0, 100)).toBe("bytes */100");
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  expect(reprDigest(empty)).toBe("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
});
