import type { Tally } from "../../../src/client/bench/load.ts";
import type { Ear, Report } from "./ear.ts";
import type { Transcript } from "./transcript.ts";

/** What receivers share, and where they tell what they hear. */
export interface Audience {
  readonly transcript: Transcript;
  readonly tally: Tally;
  /** One receiver has heard a message, or never will. */
  passed(publisher: number, number: number): void;
  /** How long ago a message was said, in ms. */
  age(publisher: number, number: number): number;
}

/** One listener of the room. */
export class Receiver implements Report {
  /** Bytes and messages of the transcript that were heard. */
  private at = 0;
  private messages = 0;
  /** When it hears something else than the others. */
  private ear: Ear | null = null;

  constructor(
    private readonly audience: Audience,
    private readonly timed: boolean,
  ) {}

  hear(chunk: Buffer): void {
    const { transcript } = this.audience;
    if (this.ear !== null || !transcript.goesOn(this.at, chunk)) {
      this.ear ??= transcript.ear(this.at, this.messages);
      this.ear.hear(chunk, this);
      return;
    }
    this.at += chunk.length;
    for (; (transcript.ends[this.messages] ?? Number.POSITIVE_INFINITY) <= this.at; this.messages++) {
      this.got(transcript.publishers[this.messages] ?? 0, transcript.numbers[this.messages] ?? 0);
    }
  }

  got(publisher: number, number: number): void {
    const { tally } = this.audience;
    tally.answers += 1;
    if (this.timed) tally.latency.add(this.audience.age(publisher, number) * 1000);
    this.audience.passed(publisher, number);
  }

  missed(publisher: number, from: number, to: number): void {
    for (let number = from; number < to; number++) this.audience.passed(publisher, number);
  }

  disordered(): void {
    this.audience.tally.disordered += 1;
  }
}
