import type { Dialogue } from "./dialogue.ts";
import { startTalking } from "./dialogue.ts";
import type { Load, Running, Tally } from "./load.ts";
import { Pattern } from "./pattern.ts";

/** Bytes to the echo door: every one that comes back is compared with what it should be. */
export function benchEcho(load: Load, tally: Tally): Promise<Running> {
  const pattern = new Pattern(load.pipeline * load.size);
  return startTalking(load, tally, () => new EchoDialogue(pattern, load.size));
}

/** Messages are pieces of one endless text, so that the stream as a whole can be checked wherever it is cut. */
class EchoDialogue implements Dialogue {
  private received = 0;

  constructor(
    private readonly pattern: Pattern,
    private readonly size: number,
  ) {}

  ask(first: number, count: number): Uint8Array {
    return this.pattern.question(first * this.size, count * this.size);
  }

  hear(chunk: Uint8Array): number {
    if (!this.pattern.answers(chunk, this.received)) throw new Error("an answer is not the question in upper case");
    const before = Math.floor(this.received / this.size);
    this.received += chunk.length;
    return Math.floor(this.received / this.size) - before;
  }
}
