import { FrameLengthError } from "../../src/bytes/frame-length.ts";
import { Framer } from "../../src/bytes/framer.ts";
import { parseHeaderFormat } from "../../src/bytes/header.ts";
import { cut, everyCut } from "./chunks.ts";
import type { Reading } from "./frames-model.ts";

/** Every way to cut a short stream; a longer one, of which there are too many, at every two positions and into bytes. */
export function* cutsOf(stream: Uint8Array): Generator<Uint8Array[]> {
  if (stream.length <= 15) return yield* everyCut(stream);
  yield Array.from(stream, (byte) => Uint8Array.of(byte));
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) yield cut(stream, [first, second]);
  }
}

/** What a {@link Framer} makes of chunks, in the words of the model. */
export function readFrames(format: string, max: number, chunks: Iterable<Uint8Array>): Reading {
  const framer = new Framer(parseHeaderFormat(format), max);
  const frames: { bytes: string; body: string }[] = [];
  try {
    for (const chunk of chunks) {
      for (const { bytes, body } of framer.push(chunk)) frames.push({ bytes: bytes.toHex(), body: body.toHex() });
    }
    for (const _ of framer.end()) throw new Error("the end completes no frame");
  } catch (error) {
    if (!(error instanceof FrameLengthError)) throw error;
    const [said = ""] = /-?\d+/.exec(error.message) ?? [];
    return { frames, bad: BigInt(said), held: 0 };
  }
  return { frames, bad: null, held: framer.buffered };
}
