import type { Codec } from "./codec.ts";
import { StructError } from "./error.ts";

/** `?`: one byte; any but 0 is true. Packs what JavaScript takes for true. */
export const bool: Codec = {
  size: 1,
  pack: (view, at, value) => view.setUint8(at, value ? 1 : 0),
  unpack: (view, at) => view.getUint8(at) !== 0,
};

/** `c`: exactly one byte. */
export const char: Codec = {
  size: 1,
  pack(view, at, value) {
    const byte = value instanceof Uint8Array && value.length === 1 ? value[0] : undefined;
    if (byte === undefined) throw new StructError("char format requires a bytes object of length 1");
    view.setUint8(at, byte);
  },
  unpack: (view, at) => copy(view, at, 1),
};

/** `4s`: bytes, cut or filled up with zeros to the count. Unpacked with those zeros. */
export function fixedString(size: number): Codec {
  return {
    size,
    pack(view, at, value) {
      place(view, at, asBytes(value, "s"), size);
    },
    unpack: (view, at) => copy(view, at, size),
  };
}

/** `4p`: Pascal's string, a byte that counts and up to 3 bytes (never over 255) that are counted, filled up with zeros. */
export function pascalString(size: number): Codec {
  return {
    size,
    pack(view, at, value) {
      const bytes = asBytes(value, "p");
      if (size === 0) return;
      place(view, at + 1, bytes, size - 1);
      view.setUint8(at, Math.min(bytes.length, size - 1, 255));
    },
    unpack(view, at) {
      if (size === 0) return new Uint8Array(0);
      return copy(view, at + 1, Math.min(view.getUint8(at), size - 1));
    },
  };
}

function asBytes(value: unknown, letter: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new StructError(`argument for '${letter}' must be a bytes object`);
}

function place(view: DataView, at: number, bytes: Uint8Array, room: number): void {
  new Uint8Array(view.buffer, view.byteOffset + at, room).set(bytes.length > room ? bytes.subarray(0, room) : bytes);
}

/** A copy, as in Python: a few bytes shall not keep the chunk alive that they came in. */
function copy(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
}
