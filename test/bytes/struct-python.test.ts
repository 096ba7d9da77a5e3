import { expect } from "bun:test";
import fc from "fast-check";
import { calcsize, type StructValue } from "../../src/bytes/struct.ts";
import { client } from "../support/clients.ts";
import { askPython, askTincan, type Question } from "./ask-struct.ts";

const python = client("python3");

const MARKS = ["", "@", "=", "<", ">", "!"];
const INTEGERS = ["b", "B", "h", "H", "i", "I", "l", "L", "q", "Q"];
const BYTES = ["c", "s", "p", "?", "x"];

function compare(questions: readonly Question[]): void {
  const answers = askPython(python.path, questions);
  questions.forEach((question, i) => {
    expect({ question, answer: askTincan(question) }).toEqual({ question, answer: answers[i] as never });
  });
}

/** Samples are drawn with a fixed seed, so that a difference is found again. */
function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 20260102 });
}

/** A format whose numbers are all integers or all floats, as answers cannot tell 1 from 1.0 otherwise. */
const format: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...MARKS), fc.constantFrom(INTEGERS, ["e", "f", "d"]), fc.boolean())
  .chain(([mark, numbers, sizes]) => {
    const native = mark === "" || mark === "@";
    const letters = [...numbers, ...BYTES, ...(native && sizes && numbers === INTEGERS ? ["n", "N"] : [])];
    const count = fc.oneof(fc.constant(""), fc.integer({ min: 1, max: 12 }).map(String), fc.constant("0"));
    const item = fc
      .tuple(count, fc.constantFrom(...letters), fc.constantFrom("", "", " ", "\n\t"))
      .map(([times, letter, space]) => (letter === "p" && times === "0" ? "" : `${times}${letter}${space}`));
    return fc.array(item, { maxLength: 8 }).map((items) => mark + items.join(""));
  });

const anyInteger = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
  fc
    .tuple(fc.constantFrom(7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n), fc.bigInt({ min: -2n, max: 2n }), fc.boolean())
    .map(([bits, off, negative]) => (negative ? -(2n ** bits) : 2n ** bits) + off),
);
const anyFloat = fc.oneof(
  fc.double(),
  fc.double({ min: -70000, max: 70000 }),
  fc.constantFrom(
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    65519.999999,
    65520,
    -65520,
    3.4028235677973366e38,
    5e-8,
    2 ** -25,
  ),
  fc.constantFrom(10n ** 400n, 2n ** 53n + 1n, -7n),
);
const anyBytes = fc.uint8Array({ maxLength: 14 });

/** A value for a letter: mostly of the right type, not always in range. */
function valueFor(letter: string): fc.Arbitrary<StructValue> {
  if ("efd".includes(letter)) return anyFloat;
  if (letter === "?") return fc.boolean();
  if (letter === "c") return fc.uint8Array({ minLength: 1, maxLength: 1 });
  if ("sp".includes(letter)) return anyBytes;
  return anyInteger;
}

function lettersOf(text: string): string[] {
  return [...text.matchAll(/(\d*)([a-zA-Z?])/g)].flatMap(([, count, letter = ""]) => {
    if (letter === "x") return [];
    return "sp".includes(letter) ? [letter] : Array<string>(count ? Number(count) : 1).fill(letter);
  });
}

python.test("sizes and alignment of random formats", async () => {
  compare(sample(format, 1500).map((text) => ({ do: "size", format: text })));
});

python.test("formats that are none", async () => {
  const noise = fc.string({ unit: fc.constantFrom(..."@=<>! 0123xcbB?hHnNefdspPzZk%\t\x1c\0"), maxLength: 6 });
  const formats = sample(noise, 3000).filter((text) => !/P|0p/.test(text));
  compare(formats.map((text) => ({ do: "size", format: text })));
});

python.test("packing random values", async () => {
  const question = format.chain((text) =>
    fc.tuple(...lettersOf(text).map(valueFor)).map((values): Question => ({ do: "pack", format: text, values })),
  );
  compare(sample(question, 3000));
});

python.test("packing one value at and beyond every border", async () => {
  const borders = [0n, 7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n, 70n].flatMap((bits) =>
    [-1n, 0n, 1n].flatMap((off) => [2n ** bits + off, -(2n ** bits) + off]),
  );
  const questions = MARKS.flatMap((mark) =>
    [...INTEGERS, "n", "N"].flatMap((letter) =>
      borders.map((value): Question => ({ do: "pack", format: mark + letter, values: [value] })),
    ),
  );
  compare(questions);
});

python.test("packing values of the wrong type or number", async () => {
  const values: StructValue[][] = [[], [1, 2], [1.5], [new Uint8Array(2)], [Number.NaN], [Infinity]];
  const questions = [...INTEGERS, "e", "f", "d", "c", "3s", "3p", "2b", "0b", "3x"].flatMap((text) =>
    values.map((list): Question => ({ do: "pack", format: text, values: list })),
  );
  compare(questions);
});

python.test("unpacking random bytes, now and then of the wrong length", async () => {
  const question = fc.tuple(format, fc.constantFrom(0, 0, 0, 0, 1, -1)).chain(([text, off]) => {
    const length = Math.max(0, calcsize(text) + off);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes): Question => ({ do: "unpack", format: text, bytes }));
  });
  compare(sample(question, 3000));
});

python.test("every half float, and every border between two of them", async () => {
  const every = Uint8Array.from({ length: 2 ** 17 }, (_, i) => (i & 1 ? (i >> 1) & 0xff : i >> 9));
  const halves = Array.from({ length: 0x7bff }, (_, i) => half(i));
  const borders = halves.flatMap((low, i) => {
    const middle = (low + half(i + 1)) / 2;
    return [middle, middle * (1 - 2 ** -52), middle * (1 + 2 ** -52)];
  });
  compare([
    { do: "unpack", format: ">65536e", bytes: every },
    { do: "pack", format: `<${borders.length}e`, values: borders },
    { do: "pack", format: `>${borders.length}e`, values: borders.map((border) => -border) },
  ]);
});

/** The half float of these bits (positive and finite), reckoned by hand. */
function half(bits: number): number {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
}
