import type { Frame, Framer } from "../../src/bytes/framer.ts";
import { upper } from "../../src/bytes/upper.ts";

/** Frames of one peer that are echoed before everybody else has a turn: half a millisecond, when they are empty. */
const FRAMES_A_TURN = 4096;

/** Where answers go. */
export interface Outlet {
  echo(frames: Uint8Array): void;
}

/**
 * Sends frames back with the ASCII letters of their bodies in upper case. Bodies are changed where they lie, headers stay,
 * and what lies behind one another in the chunk leaves in one piece: nothing is copied.
 *
 * @param chunk what the framer was given and cuts its frames from
 * @returns whether all frames of the chunk were sent; false: others must have a turn first
 */
export function echoFrames(framer: Framer, chunk: Uint8Array, outlet: Outlet): boolean {
  let from = 0;
  let to = 0;
  try {
    for (let echoed = 0; echoed < FRAMES_A_TURN; echoed++) {
      const next = framer.next();
      if (next.done) return true;
      const bytes = upperFrame(next.value);
      if (bytes === chunk || bytes.buffer !== chunk.buffer) {
        outlet.echo(bytes);
      } else {
        if (to === 0) from = bytes.byteOffset - chunk.byteOffset;
        to = bytes.byteOffset - chunk.byteOffset + bytes.length;
      }
    }
    return false;
  } finally {
    // Also in front of the last words to a peer whose next frame is a violation.
    if (to > 0) outlet.echo(chunk.subarray(from, to));
  }
}

/** The frame itself, changed: its body in upper case behind the header that it came with. */
export function upperFrame({ bytes, body }: Frame): Uint8Array {
  upper(body);
  return bytes;
}
