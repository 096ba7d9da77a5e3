import { describe, expect, expectTypeOf, test } from "bun:test";
import { calcsize, compile, pack, StructError, type StructValue, unpack } from "../../src/bytes/struct.ts";

describe("types", () => {
  const zeros = (format: string) => new Uint8Array(calcsize(format));

  test("follow the letters of a literal format", () => {
    expectTypeOf(unpack("!IH", zeros("!IH"))).toEqualTypeOf<[number, number]>();
    expectTypeOf(unpack("!BIQ", zeros("!BIQ"))).toEqualTypeOf<[number, number, bigint]>();
    expectTypeOf(unpack("<4s?c 2x3e\n0s", zeros("<4s?c 2x3e\n0s"))).toEqualTypeOf<
      [Uint8Array, boolean, Uint8Array, number, number, number, Uint8Array]
    >();
    expectTypeOf(unpack("12b", zeros("12b"))["length"]).toEqualTypeOf<12>();
    expectTypeOf(unpack("", zeros(""))).toEqualTypeOf<[]>();
    expect(unpack("!BIQ", zeros("!BIQ"))).toEqual([0, 0, 0n]);
  });

  test("know that a long has eight bytes in native mode", () => {
    expectTypeOf(unpack("lL", zeros("lL"))).toEqualTypeOf<[bigint, bigint]>();
    expectTypeOf(unpack("@nN", zeros("@nN"))).toEqualTypeOf<[bigint, bigint]>();
    expectTypeOf(unpack("=lL", zeros("=lL"))).toEqualTypeOf<[number, number]>();
    expect([unpack("l", zeros("l")), unpack("=l", zeros("=l"))]).toEqual([[0n], [0]]);
  });

  test("give up on formats that are no literal, and on counts over 999", () => {
    const format: string = "b";
    expectTypeOf(unpack(format, zeros(format))).toEqualTypeOf<StructValue[]>();
    expectTypeOf(unpack("1000bq", zeros("1000bq"))).toEqualTypeOf<[...number[], bigint]>();
    expect(unpack("1000bq", zeros("1000bq")).length).toBe(1001);
  });

  test("refuse bad formats and bad values before the program runs", () => {
    // @ts-expect-error n is known in native mode only
    expect(() => pack("!n", 1)).toThrow("bad char in struct format");
    // @ts-expect-error one value is missing
    expect(() => pack("!II", 1)).toThrow("pack expected 2 items for packing (got 1)");
    // @ts-expect-error a string is not bytes
    expect(() => pack("2s", "ab")).toThrow("argument for 's' must be a bytes object");
  });
});

describe("values", () => {
  test("any number may be a number or a bigint", () => {
    expect(pack("!BQd", 1n, 2 ** 60, 3n).toHex()).toBe(`01${(2n ** 60n).toString(16)}4008000000000000`);
  });

  test("integers of 64 bits keep every bit", () => {
    for (const value of [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])
      expect(unpack("!q", pack("!q", value))).toEqual([value]);
    expect(unpack("<Q", pack("<Q", 2n ** 64n - 1n))).toEqual([2n ** 64n - 1n]);
  });

  test("floats keep -0, infinities and NaN", () => {
    for (const format of ["!e", "!f", "!d", "f", "<e"] as const) {
      for (const value of [-0, 0, Infinity, -Infinity, Number.NaN])
        expect(unpack(format, pack(format, value))).toEqual([value]);
    }
  });

  test("only native mode lets a float overflow to infinity", () => {
    expect(unpack("f", pack("f", 3.5e38))).toEqual([Infinity]);
    expect(() => pack("<f", 3.5e38)).toThrow("float too large to pack with f format");
    expect(() => pack("e", 65520)).toThrow("float too large to pack with e format");
    expect(unpack("e", pack("e", 65519))).toEqual([65504]);
  });

  test("strings are cut or filled up; Pascal's count", () => {
    const text = Buffer.from("abcdef");
    expect(pack("3s", text).toHex()).toBe("616263");
    expect(pack("8s", text).toHex()).toBe("6162636465660000");
    expect(pack("3p", text).toHex()).toBe("026162");
    expect(unpack("8p", pack("8p", text))).toEqual([new Uint8Array(text)]);
    expect(unpack("3p", Uint8Array.of(200, 1, 2))).toEqual([Uint8Array.of(1, 2)]);
  });

  test("a Pascal string counts no further than a byte can", () => {
    const packed = pack("300p", new Uint8Array(400).fill(1));
    expect([packed.length, packed[0], packed[299]]).toEqual([300, 255, 1]);
    expect(unpack("300p", packed)[0].length).toBe(255);
  });

  test("a Pascal string without room is empty, where CPython 3.11 writes beyond it", () => {
    expect(pack("0pB", Buffer.from("abc"), 7).toHex()).toBe("07");
    expect(unpack("0p", new Uint8Array(0))).toEqual([new Uint8Array(0)]);
  });

  test("unpacked bytes are copies", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const [first, rest] = unpack("c2s", bytes);
    bytes.fill(9);
    expect([[...first], [...rest]]).toEqual([[1], [2, 3]]);
    expect(rest.buffer.byteLength).toBe(2);
  });

  test("a view is unpacked where it is", () => {
    const memory = Uint8Array.of(9, 9, 0, 0, 0, 5, 9);
    expect(unpack("!I", memory.subarray(2, 6))).toEqual([5]);
    expect(unpack("!I", Buffer.from(memory).subarray(2, 6))).toEqual([5]);
  });
});

describe("sizes", () => {
  test("are aligned in native mode, at the end by a count of 0", () => {
    expect([calcsize("b"), calcsize("bi"), calcsize("ib"), calcsize("ib0i"), calcsize("bq"), calcsize("=bq")]).toEqual([
      1, 8, 5, 8, 16, 9,
    ]);
  });

  test("end at 2^53 - 1", () => {
    expect(calcsize("9007199254740991x")).toBe(2 ** 53 - 1);
    for (const format of ["9007199254740992x", "9007199254740991xb", `${"9".repeat(400)}s`, "9007199254740991q"]) {
      expect(() => calcsize(format)).toThrow("total struct size too long");
    }
  });

  test("bytes of another size are refused", () => {
    expect(() => unpack("!I", new Uint8Array(3))).toThrow("unpack requires a buffer of 4 bytes");
    expect(() => unpack("!I", new Uint8Array(5))).toThrow("unpack requires a buffer of 4 bytes");
  });
});

describe("compiled formats", () => {
  test("are kept, and forgotten when there are many", () => {
    const first = compile("!IHB");
    expect(compile("!IHB")).toBe(first);
    for (let count = 1; count <= 100; count++) compile(`${count}x`);
    expect(compile("!IHB")).not.toBe(first);
    expect(first.unpack(first.pack(1, 2, 3))).toEqual([1, 2, 3]);
    expect([first.format, first.size]).toEqual(["!IHB", 7]);
  });

  test("errors are struct errors", () => {
    for (const format of ["é", "3", "b\0", "3 b", " <b"]) expect(() => compile(format)).toThrow(StructError);
    expect(() => pack("B", 256)).toThrow(new StructError("ubyte format requires 0 <= number <= 255"));
  });
});
