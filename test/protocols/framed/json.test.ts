import { describe, expect, test } from "bun:test";
import { JsonError, readObject } from "../../../protocols/services/json.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a JSON object in a frame", () => {
  test("may be nested 8 deep, brackets in texts not counted", () => {
    for (const depth of [1, 7, 8]) {
      const arrays = `{"deep":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`.replace(":}", ":1}");
      expect(readObject(bytes(arrays))).toHaveProperty("deep");
      const objects = `${'{"deep":'.repeat(depth)}1${"}".repeat(depth)}`;
      expect(readObject(bytes(objects))).toHaveProperty("deep");
    }
    expect(readObject(bytes('{"a":"[[[[[[[[[[","b":"\\"[[[[[[[[[[\\\\","c":"{{{{{{{{{{"}'))).toHaveProperty("c");
    expect(readObject(bytes(`{"wide":[${"[],".repeat(1000)}[]]}`))).toHaveProperty("wide");
  });

  test("cannot be nested 9 deep", () => {
    for (const body of [
      `{"deep":${"[".repeat(8)}${"]".repeat(8)}}`,
      `${'{"deep":'.repeat(9)}1${"}".repeat(9)}`,
      `{"a":"\\\\","deep":${"[".repeat(8)}${"]".repeat(8)}}`,
      "[".repeat(60_000),
    ]) {
      expect(() => readObject(bytes(body))).toThrow(JsonError);
    }
  });

  test("may have 64 KiB and no byte more", () => {
    const body = (size: number) => bytes(`{"a":"${"x".repeat(size - 8)}"}`);
    for (const size of [65_535, 65_536]) expect(readObject(body(size))).toHaveProperty("a");
    expect(() => readObject(body(65_537))).toThrow("65537 bytes");
  });

  test("is UTF-8", () => {
    expect(readObject(bytes('{"a":"é日🎈"}'))).toEqual({ a: "é日🎈" });
    expect(() => readObject(Buffer.from('{"a":"\xe9"}', "latin1"))).toThrow("UTF-8");
  });

  test("is read from the middle of a chunk", () => {
    expect(readObject(bytes('xx{"a":1}yy').subarray(2, -2))).toEqual({ a: 1 });
  });

  test("is told to be none in words that are safe to show and short", () => {
    for (const body of ["\x1b[2J", "x".repeat(60_000), '{"a":\u202e}', ""]) {
      try {
        readObject(bytes(body));
        expect.unreachable();
      } catch (error) {
        const { message } = error as JsonError;
        expect(error).toBeInstanceOf(JsonError);
        expect(message).not.toMatch(/[\0-\x1f\u202e]/);
        expect(message.length).toBeLessThan(150);
      }
    }
  });
});
