import { expect, test } from "bun:test";
import fc from "fast-check";
import { upper } from "../../src/bytes/upper.ts";

function model(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
}

test("every byte, at every place in a word and every alignment", () => {
  for (let offset = 0; offset < 8; offset++) {
    for (let byte = 0; byte < 256; byte++) {
      for (const length of [5, 255, 256, 257, 263]) {
        const memory = new Uint8Array(offset + length + 8).fill(byte);
        const view = memory.subarray(offset, offset + length);
        upper(view);
        const expected = new Uint8Array(memory.length).fill(byte);
        expected.fill(model(Uint8Array.of(byte))[0] ?? 0, offset, offset + length);
        if (Buffer.compare(memory, expected) !== 0) throw new Error(`byte ${byte}, length ${length}, at ${offset}`);
      }
    }
  }
});

test("neighbours in a word do not touch each other", () => {
  const border = fc.constantFrom(0x00, 0x40, 0x60, 0x61, 0x7a, 0x7b, 0x7f, 0x80, 0xe0, 0xe1, 0xfa, 0xfb, 0xff);
  const bytes = fc.array(border, { minLength: 256, maxLength: 700, size: "max" });
  fc.assert(
    fc.property(bytes, fc.nat(7), (list, offset) => {
      const view = new Uint8Array(offset + list.length).subarray(offset);
      view.set(list);
      expect(upper(view)).toEqual(model(Uint8Array.from(list)));
    }),
  );
});

test("works in place and returns its argument", () => {
  const bytes = Buffer.from("Grüße, z{`a@");
  expect(upper(bytes)).toBe(bytes);
  expect(bytes.toString()).toBe("GRüßE, Z{`A@");
  expect(upper(new Uint8Array(0)).length).toBe(0);
});

test("pieces longer than the working memory are done whole", () => {
  for (const length of [512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 1024 * 1024 + 17]) {
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; i++) bytes[i] = i * 7;
    const expected = model(new Uint8Array(bytes));
    expect(Buffer.compare(upper(bytes), expected)).toBe(0);
  }
});
