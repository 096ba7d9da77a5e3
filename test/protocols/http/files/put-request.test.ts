import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readContentRange } from "../../../../protocols/http/files/content-range.ts";
import { formatDigest, isDigestWanted, readDigest } from "../../../../protocols/http/files/digest.ts";
import { HttpError } from "../../../../protocols/http/wire/http-error.ts";

function outcome<T>(read: () => T): T | number {
  try {
    return read();
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

describe("Content-Range of a PUT", () => {
  for (const [field, due] of [
    ["bytes 0-9/10", { kind: "piece", from: 0, length: 10, size: 10 }],
    ["bytes 5-5/10", { kind: "piece", from: 5, length: 1, size: 10 }],
    ["Bytes 0-0/1", { kind: "piece", from: 0, length: 1, size: 1 }],
    ["bytes */10", { kind: "ask", size: 10 }],
    ["bytes */0", { kind: "ask", size: 0 }],
    ["bytes 0-10/10", 400],
    ["bytes 5-4/10", 400],
    ["bytes 0-9/*", 400],
    ["bytes */*", 400],
    ["bytes -5/10", 400],
    ["bytes=0-9/10", 400],
    ["bytes 0-9", 400],
    ["lines 0-9/10", 400],
    ["bytes 0-9/9999999999999999", 400],
    ["", 400],
  ] as const)
    test(JSON.stringify(field), () => expect(outcome(() => readContentRange(field))).toEqual(due));

  test("never throws anything but what it refuses", () => {
    fc.assert(fc.property(fc.string(), (field) => void outcome(() => readContentRange(field))));
  });
});

describe("Repr-Digest", () => {
  const hex = new Bun.CryptoHasher("sha256").update("x").digest("hex");
  const field = formatDigest(hex);
  for (const [title, value, due] of [
    ["as it is written", field, hex],
    ["behind another", `sha-512=:AAAA:, ${field}`, hex],
    ["before another", `${field},md5=:AAAA:`, hex],
    ["with a parameter", `${field};x=1`, hex],
    ["of another kind alone", "sha-512=:AAAA:", undefined],
    ["in capitals", field.replace("sha", "SHA"), hex],
    ["behind another one of its own", `sha-256=:${"A".repeat(43)}=:, ${field}`, hex],
    ["of a kind that begins like it", "sha-256-x=:AAAA:", undefined],
    ["none", undefined, undefined],
    ["its name alone", "sha-256", 400],
    ["with a space before its value", field.replace("=", " ="), 400],
    ["with something behind it", `${field}x`, 400],
    ["without colons", field.replaceAll(":", ""), 400],
    ["too short", "sha-256=:AAAA:", 400],
    ["in hex", `sha-256=${hex}`, 400],
  ] as const)
    test(title, () => expect<unknown>(outcome(() => readDigest(value))).toBe(due));
});

describe("Want-Repr-Digest", () => {
  for (const [field, due] of [
    ["sha-256=1", true],
    ["sha-256=10", true],
    ["sha-512=3, sha-256=10", true],
    ["sha-256=9,unixsum=0", true],
    ["sha-256", true],
    ["sha-256=0", false],
    ["sha-512=1", false],
    ["sha-2560=1", false],
    [undefined, false],
  ] as const)
    test(`${field}`, () => expect(isDigestWanted(field)).toBe(due));
});
