import { Framer } from "../../bytes/framer.ts";
import { parseHeaderFormat } from "../../bytes/header.ts";
import { quote } from "../../bytes/text.ts";
import { lastWords } from "../frame-stream.ts";
import type { Dialogue } from "./dialogue.ts";
import { startTalking } from "./dialogue.ts";
import type { Load, Running, Tally } from "./load.ts";
import { Pattern } from "./pattern.ts";

const HEADER = parseHeaderFormat("!I");
const MOST_ANSWER = 64 * 1024 * 1024;

/** Frames to the framed door's echo: each must come back as one frame, in upper case. */
export function benchFrames(load: Load, tally: Tally): Promise<Running> {
  const pattern = new Pattern(load.size);
  return startTalking(load, tally, () => new FrameDialogue(pattern, load.size));
}

class FrameDialogue implements Dialogue {
  private readonly framer = new Framer(HEADER, MOST_ANSWER);
  private received = 0;

  constructor(
    private readonly pattern: Pattern,
    private readonly size: number,
  ) {}

  ask(first: number, count: number): Uint8Array {
    const step = HEADER.size + this.size;
    const bytes = new Uint8Array(count * step);
    for (let i = 0; i < count; i++) {
      HEADER.write(bytes, i * step, this.size);
      bytes.set(this.pattern.question((first + i) * this.size, this.size), i * step + HEADER.size);
    }
    return bytes;
  }

  hear(chunk: Uint8Array): number {
    let count = 0;
    for (const { body } of this.framer.push(chunk)) {
      if (body.length !== this.size || !this.pattern.answers(body, this.received * this.size)) throw wrong(body);
      this.received += 1;
      count += 1;
    }
    return count;
  }
}

function wrong(body: Uint8Array): Error {
  const words = lastWords(body);
  return new Error(
    words === null ? "an answer is not the question in upper case" : `the server says: ${quote(words, 300)}`,
  );
}
