import type { Codec } from "./codec.ts";
import { StructError } from "./error.ts";

/** From here on a finite number rounds to a half float's infinity: half way past 65,504, the largest there is. */
const HALF_OVERFLOW = 65_520;

/** IEEE 754 binary16, rounded half to even. */
export function half(little: boolean): Codec {
  return {
    size: 2,
    pack(view, at, value) {
      const number = asFloat(value);
      if (Math.abs(number) >= HALF_OVERFLOW && Number.isFinite(number)) throw tooLarge(value, "e");
      view.setFloat16(at, number, little);
    },
    unpack: (view, at) => view.getFloat16(at, little),
  };
}

/**
 * IEEE 754 binary32. A finite number that rounds to infinity is refused, but becomes infinity where `overflows`: so does
 * Python's native mode, which leaves the rounding to C.
 */
export function single(little: boolean, overflows: boolean): Codec {
  return {
    size: 4,
    pack(view, at, value) {
      const number = asFloat(value);
      if (!overflows && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) throw tooLarge(value, "f");
      view.setFloat32(at, number, little);
    },
    unpack: (view, at) => view.getFloat32(at, little),
  };
}

/** IEEE 754 binary64, JavaScript's own number. */
export function double(little: boolean): Codec {
  return {
    size: 8,
    pack: (view, at, value) => view.setFloat64(at, asFloat(value), little),
    unpack: (view, at) => view.getFloat64(at, little),
  };
}

function asFloat(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    if (Number.isFinite(number)) return number;
  }
  throw new StructError("required argument is not a float");
}

function tooLarge(value: unknown, letter: string): StructError {
  return new StructError(
    typeof value === "bigint" ? "int too large to convert" : `float too large to pack with ${letter} format`,
  );
}
