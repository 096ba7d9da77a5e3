import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseHeaderFormat } from "../../src/bytes/header.ts";
import { StructError } from "../../src/bytes/struct.ts";
import { encodeHeader, HEADERS } from "./frames-model.ts";

describe("every format", () => {
  for (const wanted of HEADERS) {
    const { format, size, signed, little } = wanted;
    const header = parseHeaderFormat(format);
    const bits = size * 8;
    const most = signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;

    test(`"${format}" describes itself`, () => {
      expect(header).toMatchObject({
        format,
        size,
        bits,
        signed,
        littleEndian: little,
        most: Number(most < 2n ** 53n ? most : 2n ** 53n - 1n),
      });
    });

    test(`"${format}" reads every length, anywhere`, () => {
      const least = signed ? -most - 1n : 0n;
      fc.assert(
        fc.property(fc.bigInt({ min: least, max: most }), fc.nat(5), (length, at) => {
          const bytes = Buffer.concat([
            new Uint8Array(at).fill(0xee),
            encodeHeader(wanted, length),
            Uint8Array.of(0xee),
          ]);
          const safe = length > -(2n ** 53n) && length < 2n ** 53n;
          expect(header.read(bytes, at)).toBe(safe ? Number(length) : length < 0n ? -Infinity : Infinity);
        }),
      );
    });

    test(`"${format}" writes what it reads, and nothing beside it`, () => {
      for (const length of [0, 1, 0x12, header.most - 1, header.most, Math.floor(header.most / 3)]) {
        const bytes = new Uint8Array(size + 4).fill(0xee);
        header.write(bytes, 2, length);
        expect(header.read(bytes, 2)).toBe(length);
        expect(bytes.subarray(2, 2 + size)).toEqual(encodeHeader(wanted, BigInt(length)));
        expect([...bytes.subarray(0, 2), ...bytes.subarray(-2)]).toEqual([0xee, 0xee, 0xee, 0xee]);
      }
    });

    test(`"${format}" writes no length that it cannot say`, () => {
      const bytes = new Uint8Array(size);
      for (const length of [-1, header.most + 1, Infinity, Number.NaN]) {
        expect(() => header.write(bytes, 0, length)).toThrow(RangeError);
      }
      expect(bytes).toEqual(new Uint8Array(size));
    });
  }
});

test("2^53 - 1 is the last exact length", () => {
  const header = parseHeaderFormat("!q");
  const read = (hex: string) => header.read(Uint8Array.fromHex(hex), 0);
  expect(read("001fffffffffffff")).toBe(2 ** 53 - 1);
  expect(read("0020000000000000")).toBe(Infinity);
  expect(read("ffe0000000000001")).toBe(-(2 ** 53) + 1);
  expect(read("ffe0000000000000")).toBe(-Infinity);
});

test("what is not one integer is refused in a sentence", () => {
  for (const text of ["", "!", "II", "3I", "n", "N", "f", "s", "?", "x", " I", "I ", "!!I", "!I\n", "I!", "0I"]) {
    expect(() => parseHeaderFormat(text)).toThrow(StructError);
  }
  expect(() => parseHeaderFormat("3I\x1b[2J")).toThrow(
    '"3I\\x1b[2J" is not the format of a frame header; try "!I", or another of b B h H i I l L q Q behind one of @ = < > !',
  );
});
