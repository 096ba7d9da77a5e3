import { ConnectionLost, type Wire } from "../wire.ts";
import type { Judged } from "./catch-up.ts";
import { type Delivered, ownEvent } from "./delivered.ts";
import { Unsure, Utterance } from "./utterance.ts";

/** What was said and is not settled yet. It outlives connections: a lost answer settles nothing. */
export class Speech {
  private unsettled: Utterance[] = [];

  /** `name` is the name of the moment: an answer tells what was said under the name that it had by then. */
  constructor(
    private readonly name: () => string,
    private readonly deliver: (delivered: Delivered) => void,
  ) {}

  add(op: Utterance["op"], room: string, text: string): Utterance {
    const utterance = new Utterance(op, room, text);
    this.unsettled.push(utterance);
    return utterance;
  }

  /** Sends what was not sent yet, in the order in which it was said. */
  sendAll(wire: Wire): void {
    for (const utterance of this.unsettled) if (utterance.sentAs === null) this.send(utterance, wire);
  }

  /** What was sent in a room, in that order, and lost its answer. */
  sentIn(room: string): readonly Utterance[] {
    return this.unsettled.filter((utterance) => utterance.room === room && utterance.sentAs !== null);
  }

  /** Settles what a room's history told; what never arrived becomes unsent again. */
  apply({ arrived, absent, unknown }: Judged): void {
    for (const utterance of arrived) this.settle(utterance, null);
    for (const utterance of unknown)
      this.settle(utterance, new Unsure("the connection was lost before the answer came"));
    for (const utterance of absent) utterance.sentAs = null;
  }

  /** Nothing will be settled any more, in one room or in all. */
  abandon(why: Error, room?: string): void {
    for (const utterance of [...this.unsettled]) {
      if (room === undefined || utterance.room === room) this.settle(utterance, why);
    }
  }

  private send(utterance: Utterance, wire: Wire): void {
    utterance.sentAs = this.name();
    const { op, room, text } = utterance;
    wire.send(op, { room, text }, (outcome) => {
      if (outcome instanceof ConnectionLost) return;
      if (!(outcome instanceof Error)) {
        const own = ownEvent(op === "say" ? "message" : "action", room, this.name(), text, outcome);
        if (own) this.deliver(own);
      }
      this.settle(utterance, outcome instanceof Error ? outcome : null);
    });
  }

  private settle(utterance: Utterance, why: Error | null): void {
    this.unsettled = this.unsettled.filter((other) => other !== utterance);
    if (why === null) utterance.arrived();
    else utterance.failed(why);
  }
}
