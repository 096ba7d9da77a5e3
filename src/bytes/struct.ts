import { StructError } from "./struct/error.ts";
import { type Layout, parseFormat } from "./struct/format.ts";
import type { Packable, StructValue, Unpacked } from "./struct/types.ts";

export { StructError } from "./struct/error.ts";
export type { StructValue } from "./struct/types.ts";

/**
 * Python's `struct`, of which it takes the formats, the bytes and the words of the errors
 * (https://docs.python.org/3.11/library/struct.html). A format is a mark (`@` native, the default, meaning x86-64; `=` and
 * `<` little endian; `>` and `!` big endian) and letters out of `x c b B ? h H i I l L q Q n N e f d s p`, each behind an
 * optional count.
 *
 * What differs is what a TypeScript user expects: literal formats give typed tuples; integers of 64 bits (`q Q`, and `l L
 * n N` in native mode) unpack as `bigint`, always; `c s p` are `Uint8Array`s, copies when unpacked; every error is a
 * {@link StructError}.
 */
export interface Struct<F extends string = string> {
  readonly format: F;
  /** Bytes of the packed values. */
  readonly size: number;
  /**
   * Takes `number` or `bigint` for every number.
   *
   * @throws StructError for too many or too few values, for wrong types and for values out of range
   */
  pack(...values: Packable<F>): Uint8Array<ArrayBuffer>;
  /** @throws StructError unless `bytes` has exactly the format's size */
  unpack(bytes: Uint8Array): Unpacked<F>;
}

/** As many formats as Python's module keeps, and like there all are forgotten when one more comes. */
const KEPT = 100;
const compiled = new Map<string, Struct>();

/**
 * A format made ready, from the cache when it was used before.
 *
 * @throws StructError when the format is not one
 */
export function compile<const F extends string>(format: F): Struct<F> {
  let struct = compiled.get(format);
  if (struct === undefined) {
    struct = new CompiledStruct(format, parseFormat(format));
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(format, struct);
  }
  // The types of the values follow from the text of the format, which the compiler cannot see the runs come from.
  return struct as Struct<string> as Struct<F>;
}

/** How many bytes a format packs into. @throws StructError */
export function calcsize(format: string): number {
  return compile(format).size;
}

/** See {@link Struct.pack}. */
export function pack<const F extends string>(format: F, ...values: Packable<F>): Uint8Array<ArrayBuffer> {
  return compile(format).pack(...values);
}

/** See {@link Struct.unpack}. */
export function unpack<const F extends string>(format: F, bytes: Uint8Array): Unpacked<F> {
  return compile(format).unpack(bytes);
}

class CompiledStruct implements Struct {
  constructor(
    readonly format: string,
    private readonly layout: Layout,
  ) {}

  get size(): number {
    return this.layout.size;
  }

  pack(...values: StructValue[]): Uint8Array<ArrayBuffer> {
    const { runs, size, values: expected } = this.layout;
    if (values.length !== expected) {
      throw new StructError(`pack expected ${expected} items for packing (got ${values.length})`);
    }
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    let next = 0;
    for (const { codec, offset, count } of runs) {
      for (let i = 0; i < count; i++) codec.pack(view, offset + i * codec.size, values[next++]);
    }
    return bytes;
  }

  unpack(bytes: Uint8Array): StructValue[] {
    const { runs, size } = this.layout;
    if (bytes.length !== size) throw new StructError(`unpack requires a buffer of ${size} bytes`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    const values: StructValue[] = [];
    for (const { codec, offset, count } of runs) {
      for (let i = 0; i < count; i++) values.push(codec.unpack(view, offset + i * codec.size));
    }
    return values;
  }
}
