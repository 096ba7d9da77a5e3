/**
 * Finds datagrams that bounce between this port and another that answers them in turn (CVE-2024-2169, and CVE-1999-0103
 * before it), in a fixed table of 4,096 slots.
 *
 * A datagram that bounces is our own last answer come back, so that it equals its own answer, and it cannot come before
 * that answer was sent. Only datagrams that equal their answer are therefore put here, and an equal one that comes while
 * that answer is still queued is fresh load and starts the count anew, as does a pause of more than a second. After 100
 * in a row one is not answered. That ends a loop, which is one datagram on its way, and costs anybody else one answer.
 *
 * A slot that another datagram's hash takes starts anew as well: the table forgets, it never accuses.
 */
export class LoopDetector {
  private readonly prints = new Int32Array(SLOTS);
  private readonly counts = new Uint8Array(SLOTS);
  private readonly turns = new Float64Array(SLOTS);
  private readonly times = new Float64Array(SLOTS).fill(Number.NEGATIVE_INFINITY);

  /**
   * Whether this datagram shall stay without an answer.
   * @param print hash of source and content, 32 bits
   * @param turn number of the batch in which the answer would leave
   * @param now milliseconds on a clock that never jumps
   */
  bounces(print: number, turn: number, now: number): boolean {
    const slot = print & (SLOTS - 1);
    const again =
      this.prints[slot] === (print | 0) && this.turns[slot] !== turn && now - this.times[slot]! <= MAX_PAUSE_MS;
    const count = again ? this.counts[slot]! : 0;
    const loop = count === MAX_IN_A_ROW;
    this.prints[slot] = print;
    this.turns[slot] = turn;
    this.times[slot] = now;
    this.counts[slot] = loop ? 0 : count + 1;
    return loop;
  }
}

const SLOTS = 4096;
const MAX_IN_A_ROW = 100;
const MAX_PAUSE_MS = 1000;
