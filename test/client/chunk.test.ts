import { expect, test } from "bun:test";
import { ChunkFrame, isChunk, readChunk } from "../../src/client/chunk.ts";

test("a chunk is what Python's struct makes of it, also beyond 4 GiB", () => {
  const frame = new ChunkFrame(100);
  frame.room.write("hello");
  const sealed = frame.seal(0xfffffffe, 5 * 2 ** 32 + 7, 5);
  // struct.pack("!I", 18) + struct.pack("!BIQ", 1, 0xfffffffe, 5 * 2**32 + 7) + b"hello"
  expect(sealed.toString("hex")).toBe("0000001201fffffffe000000050000000768656c6c6f");
  const body = sealed.subarray(4);
  expect(isChunk(body)).toBe(true);
  expect(readChunk(body)).toMatchObject({ id: 0xfffffffe, offset: 5 * 2 ** 32 + 7, bytes: Buffer.from("hello") });
});

test("what is cut short, and an offset beyond 2^53, is no chunk", () => {
  expect(readChunk(Buffer.from([1, 0, 0, 0, 1]))).toBeNull();
  expect(readChunk(Buffer.from("01000000010020000000000000", "hex"))).toBeNull();
  expect([isChunk(Buffer.from("{}")), isChunk(Buffer.alloc(0))]).toEqual([false, false]);
});
