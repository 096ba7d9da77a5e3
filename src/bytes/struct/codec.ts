import type { StructValue } from "./types.ts";

/** Packs and unpacks one value. Room for its bytes at `at` was checked before. */
export interface Codec {
  /** Bytes of one value. */
  readonly size: number;
  /** @throws StructError when the value has the wrong type or does not fit */
  pack(view: DataView, at: number, value: unknown): void;
  unpack(view: DataView, at: number): StructValue;
}
