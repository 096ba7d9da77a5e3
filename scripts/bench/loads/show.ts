import type { Tally } from "../../../src/client/bench/load.ts";
import type { FanoutLoad } from "./fanout.ts";
import { type Audience, Receiver } from "./receiver.ts";
import type { Script } from "./script.ts";
import { Transcript } from "./transcript.ts";
import type { Visitor } from "./visitor.ts";

/** One publisher's messages that are under way. */
interface Talk {
  readonly visitor: Visitor;
  said: number;
  /** Of the message with number n, at n modulo the window: when it was said, and how many have heard it. */
  readonly saidAt: Float64Array;
  readonly heardBy: Int32Array;
  /** Messages that may be said now. */
  credit: number;
}

/** The course of one run: who may say what, and what was heard of it. */
export class Show implements Audience {
  readonly transcript: Transcript;
  private readonly talks: readonly Talk[];
  private over = false;
  private scheduled = false;

  constructor(
    private readonly load: FanoutLoad,
    private readonly room: string,
    private readonly script: Script,
    talking: readonly Visitor[],
    readonly tally: Tally,
  ) {
    this.transcript = new Transcript(script, talking.length);
    this.talks = talking.map((visitor) => ({
      visitor,
      said: 0,
      saidAt: new Float64Array(load.window),
      heardBy: new Int32Array(load.window),
      credit: load.window,
    }));
  }

  seat(visitor: Visitor, timed: boolean): void {
    const receiver = new Receiver(this, timed);
    visitor.listen((chunk) => receiver.hear(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)));
  }

  begin(): void {
    for (const { visitor } of this.talks) visitor.listen(() => {});
    this.schedule();
  }

  end(): void {
    this.over = true;
  }

  /** Deliveries that are still to come, or never will. */
  missing(): number {
    const due = this.tally.said * this.load.receivers;
    return Math.max(0, due - this.tally.answers - this.tally.disordered);
  }

  /** One receiver has heard a message, or never will. */
  passed(publisher: number, number: number): void {
    const talk = this.talks[publisher];
    if (talk === undefined) return;
    const at = number % this.load.window;
    const heardBy = (talk.heardBy[at] ?? 0) + 1;
    talk.heardBy[at] = heardBy < this.load.receivers ? heardBy : 0;
    if (heardBy < this.load.receivers) return;
    talk.credit += 1;
    this.schedule();
  }

  /** How long ago a message was said, in ms. */
  age(publisher: number, number: number): number {
    return performance.now() - (this.talks[publisher]?.saidAt[number % this.load.window] ?? 0);
  }

  /** Says what may be said once a turn, so that a publisher's lines leave in one write. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (!this.over) this.talks.forEach((talk, publisher) => void this.say(talk, publisher));
    });
  }

  private say(talk: Talk, publisher: number): void {
    if (talk.credit === 0) return;
    let lines = "";
    for (; talk.credit > 0; talk.credit--) {
      talk.saidAt[talk.said % this.load.window] = performance.now();
      lines += this.load.form.say(this.room, this.script.text(publisher, talk.said));
      talk.said += 1;
      this.tally.said += 1;
    }
    talk.visitor.write(Buffer.from(lines, "latin1"));
  }
}
