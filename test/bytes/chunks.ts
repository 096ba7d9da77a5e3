import fc from "fast-check";

/** Every way to cut bytes into non-empty chunks: 2 to the power of n-1 of them. Each chunk is a copy. */
export function* everyCut(bytes: Uint8Array): Generator<Uint8Array[]> {
  const gaps = Math.max(0, bytes.length - 1);
  for (let mask = 0; mask < 2 ** gaps; mask++) {
    yield cut(
      bytes,
      Array.from({ length: gaps }, (_, i) => i + 1).filter((at) => mask & (1 << (at - 1))),
    );
  }
}

/** Cuts at these positions; each chunk is a copy, as a decoder may change its chunks. */
export function cut(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const edges = [...new Set([0, ...positions, bytes.length])].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => bytes.slice(edges[i], to));
}

/** Bytes in which each of `special` is as likely as all others together, and positions to cut them at. */
export function cutBytes(special: readonly number[], maxLength: number): fc.Arbitrary<[Uint8Array, number[]]> {
  const byte = fc.oneof(fc.constantFrom(...special), fc.integer({ min: 0, max: 255 }));
  return fc
    .array(byte, { maxLength, size: "max" })
    .chain((list) =>
      fc.tuple(
        fc.constant(Uint8Array.from(list)),
        fc.array(fc.integer({ min: 0, max: list.length }), { maxLength: 20 }),
      ),
    );
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
