import type { BodyLength } from "./body-length.ts";
import { ChunkReader } from "./chunk-reader.ts";

/** A piece of a body, and how much of the input was used up for it. */
export interface Taken {
  /** Null: the input held only what marks chunks. Lent until the next call. */
  readonly data: Uint8Array | null;
  readonly used: number;
}

/** Finds a body in the bytes of a connection. */
export interface BodyDecoder {
  /** The last byte of the body, and of what marks its end, has been taken. */
  readonly done: boolean;
  /** Takes the next piece from a non-empty input; call again with the rest while there is some and `done` is false. */
  take(input: Uint8Array): Taken;
}

export function bodyDecoder(length: BodyLength): BodyDecoder {
  return length === "chunked" ? new ChunkReader() : new CountedBody(length);
}

class CountedBody implements BodyDecoder {
  constructor(private left: number) {}

  get done(): boolean {
    return this.left === 0;
  }

  take(input: Uint8Array): Taken {
    const data = input.length <= this.left ? input : input.subarray(0, this.left);
    this.left -= data.length;
    return { data, used: data.length };
  }
}
