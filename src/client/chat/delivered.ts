import { type Answer, numberOf, type RoomEvent, textOf, type WireEvent } from "../messages.ts";

/** An event on its way to whoever shows it. */
export interface Delivered {
  readonly event: WireEvent;
  /** Said by this session itself. */
  readonly own: boolean;
  /** The frame it came in; null when it came within an answer. */
  readonly body: Uint8Array | null;
}

/**
 * One's own message or topic as the event that the others got: it comes back as an answer, but in the room it is one
 * like all others. Null when the answer has no number.
 */
export function ownEvent(
  event: RoomEvent["event"],
  room: string,
  from: string,
  text: string,
  answer: Answer,
): Delivered | null {
  const seq = numberOf(answer, "seq");
  if (seq === null) return null;
  const [time, epoch] = [textOf(answer, "time"), textOf(answer, "epoch")];
  return { event: { event, room, from, text, time, epoch, seq }, own: true, body: null };
}

/** Lets events through, or keeps them in their order while somebody fetches what belongs before them. */
export class Gate {
  private holders = 0;
  private kept: Delivered[] = [];

  constructor(private readonly show: (delivered: Delivered) => void) {}

  pass(delivered: Delivered): void {
    if (this.holders > 0) this.kept.push(delivered);
    else this.show(delivered);
  }

  hold(): void {
    this.holders += 1;
  }

  /** The last of those who held it opens it. */
  release(): void {
    this.holders -= 1;
    if (this.holders > 0) return;
    for (const delivered of this.kept.splice(0)) this.show(delivered);
  }
}
