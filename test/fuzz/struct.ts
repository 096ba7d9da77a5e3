import { deepStrictEqual, ok } from "node:assert";
import { compile, type Struct, StructError } from "../../src/bytes/struct.ts";

const ALPHABET = "@=<>! 0123456789xcbB?hHiIlLqQnNefdsp";
/** Formats of more bytes are not packed: a count can ask for as much memory as there is. */
const MOST_SIZE = 4096;

/**
 * The first byte says how long the format is and whether it is made of the known letters; the rest is unpacked, filled up
 * with zeros. A bad format is a StructError and nothing else. What was unpacked packs into bytes that mean the same, and
 * then into the very same bytes.
 */
export const target = {
  name: "struct",
  corpus: ["!IH", "@b3h0q", "<e f 2d", ">5s4p?c", "nN3xlL"].map((format) =>
    Uint8Array.of(format.length, ...Buffer.from(format), ...Array.from({ length: 40 }, (_, i) => (i * 37) % 256)),
  ),
  run(input: Uint8Array): void {
    const [first = 0, ...rest] = input;
    const known = first < 0x80;
    const text = rest.splice(0, first & 0x1f).map((byte) => (known ? letter(byte) : String.fromCharCode(byte)));
    const struct = tryCompile(text.join(""));
    if (struct === null || struct.size > MOST_SIZE) return;
    const bytes = new Uint8Array(struct.size);
    bytes.set(rest.slice(0, struct.size));
    const values = struct.unpack(bytes);
    const packed = struct.pack(...values);
    ok(packed.length === struct.size, "the packed values have another size");
    deepStrictEqual(struct.unpack(packed), values);
    deepStrictEqual(struct.pack(...struct.unpack(packed)), packed);
  },
};

/** Letters of the alphabet stand for themselves, so that the corpus can be read; any other byte for one of them. */
function letter(byte: number): string {
  const char = String.fromCharCode(byte);
  return ALPHABET.includes(char) ? char : ALPHABET.charAt(byte % ALPHABET.length);
}

function tryCompile(format: string): Struct | null {
  try {
    return compile(format);
  } catch (error) {
    if (error instanceof StructError) return null;
    throw error;
  }
}
