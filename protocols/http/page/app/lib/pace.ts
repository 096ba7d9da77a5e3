/** What happened before this does not bear on how fast it goes now. */
const LOOK_BACK_MS = 10_000;
/** Before that, what is sent has only filled buffers on the way. */
const SETTLE_MS = 2_000;

/** How fast something goes that is told of again and again. */
export class Pace {
  readonly #marks: { readonly at: number; readonly done: number }[] = [];

  /**
   * @param at in milliseconds, of any beginning
   * @returns seconds until all of it is done; null: that is not known
   */
  left(at: number, done: number, of: number): number | null {
    const marks = this.#marks;
    // It was begun anew, or the other side has told what it has.
    if (done < (marks.at(-1)?.done ?? 0)) marks.length = 0;
    marks.push({ at, done });
    while (at - (marks[1]?.at ?? at) > LOOK_BACK_MS) marks.shift();
    const [first] = marks;
    if (first === undefined || at - first.at < SETTLE_MS || done === first.done) return null;
    return ((of - done) / (done - first.done)) * ((at - first.at) / 1000);
  }

  /** It stands still, and goes on later. */
  rest(): void {
    this.#marks.length = 0;
  }
}
