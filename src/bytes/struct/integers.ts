import type { Codec } from "./codec.ts";
import { StructError } from "./error.ts";

/**
 * What range errors call these letters. CPython packs bytes, and shorts in the machine's own order, by C's types and names
 * them so; every other letter is quoted.
 */
const C_NAMES: Readonly<Record<string, string>> = { b: "byte", B: "ubyte", h: "short", H: "ushort" };

type Width = 1 | 2 | 4;
type Read = (view: DataView, at: number, little: boolean) => number;
type Write = (view: DataView, at: number, value: number, little: boolean) => void;

const SIGNED: Readonly<Record<Width, Read>> = {
  1: (view, at) => view.getInt8(at),
  2: (view, at, little) => view.getInt16(at, little),
  4: (view, at, little) => view.getInt32(at, little),
};

const UNSIGNED: Readonly<Record<Width, Read>> = {
  1: (view, at) => view.getUint8(at),
  2: (view, at, little) => view.getUint16(at, little),
  4: (view, at, little) => view.getUint32(at, little),
};

const WRITE: Readonly<Record<Width, Write>> = {
  1: (view, at, value) => view.setUint8(at, value),
  2: (view, at, value, little) => view.setUint16(at, value, little),
  4: (view, at, value, little) => view.setUint32(at, value, little),
};

/** Whether a letter stands for a signed integer: Python's small letters. */
function isSigned(letter: string): boolean {
  return letter === letter.toLowerCase();
}

/** An integer of up to 32 bits, unpacked as a `number`. */
export function narrowInteger(letter: string, size: Width, little: boolean): Codec {
  const signed = isSigned(letter);
  const span = 2 ** (size * 8);
  const least = signed ? -span / 2 : 0;
  const most = least + span - 1;
  const cName = size === 1 || little ? C_NAMES[letter] : undefined;
  // CPython reads the argument as a C long before it looks at the range, or as an unsigned one where it has no C name.
  const [readable, unreadable] = signed || cName !== undefined ? [-(2n ** 63n), 2n ** 63n] : [0n, 2n ** 64n];
  const read = (signed ? SIGNED : UNSIGNED)[size];
  const write = WRITE[size];
  return {
    size,
    pack(view, at, value) {
      const integer = asInteger(value);
      if (integer < readable || integer >= unreadable) throw new StructError("argument out of range");
      if (integer < least || integer > most) {
        throw new StructError(`${cName ?? `'${letter}'`} format requires ${least} <= number <= ${most}`);
      }
      write(view, at, Number(integer), little);
    },
    unpack: (view, at) => read(view, at, little),
  };
}

/** An integer of 64 bits, unpacked as a `bigint`. */
export function wideInteger(letter: string, little: boolean): Codec {
  const signed = isSigned(letter);
  const least = signed ? -(2n ** 63n) : 0n;
  const most = least + 2n ** 64n - 1n;
  const refusal = little ? "argument out of range" : "int too large to convert";
  return {
    size: 8,
    pack(view, at, value) {
      const integer = asInteger(value);
      if (integer < least || integer > most) throw new StructError(refusal);
      view.setBigUint64(at, BigInt(integer), little);
    },
    unpack: signed ? (view, at) => view.getBigInt64(at, little) : (view, at) => view.getBigUint64(at, little),
  };
}

function asInteger(value: unknown): number | bigint {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) return value;
  throw new StructError("required argument is not an integer");
}
