import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fileAddress, nameOf, readFilePath } from "../../../../protocols/http/files/path.ts";
import { HttpError } from "../../../../protocols/http/wire/http-error.ts";

function refusal(raw: string): string {
  try {
    return readFilePath(raw).path;
  } catch (error) {
    return error instanceof HttpError ? `${error.status} ${error.code}` : String(error);
  }
}

describe("an address below /files/", () => {
  for (const [raw, path, isFolder] of [
    ["", "/", true],
    ["a", "/a", false],
    ["a/", "/a", true],
    ["a/b.txt", "/a/b.txt", false],
    // For the vault to refuse.
    ["/", "//", true],
    ["a//", "/a/", true],
    ["/a", "//a", false],
    ["a%20b", "/a b", false],
    ["%E4%BD%A0", "/你", false],
    // As latin1, the way a head is read: raw UTF-8, which curl sends where a person typed it.
    ["ä½\xa0", "/你", false],
    ["%2561", "/%61", false],
    ["%252e%252e", "/%2e%2e", false],
    ["%2e%2e", "/..", false],
    ["a+b", "/a+b", false],
  ] as const)
    test(JSON.stringify(raw), () => expect(readFilePath(raw)).toEqual({ path, isFolder }));

  for (const raw of ["a%2fb", "a%2Fb", "..%2f..", "%", "%2", "%zz", "%ff", "%c0%ae", "%ed%a0%80", "\xff"])
    test(`${JSON.stringify(raw)} is refused`, () => expect(refusal(raw)).toBe("400 bad-path"));

  test("is the way back from a path", () => {
    const name = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((text) => text.isWellFormed() && !text.includes("/"));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        const path = `/${names.map((text) => text.normalize("NFC")).join("/")}`;
        const address = fileAddress(path);
        expect(address).toMatch(/^\/files\/[\w.~%/-]+$/);
        expect(readFilePath(address.slice("/files/".length)).path).toBe(path);
      }),
    );
  });

  test("never throws anything but what it refuses", () => {
    fc.assert(fc.property(fc.string(), (raw) => expect(refusal(raw)).toMatch(/^\/|^400 bad-path$/)));
  });

  test("names a folder", () => expect([nameOf("/"), nameOf("/a/b")]).toEqual(["files", "b"]));
});
