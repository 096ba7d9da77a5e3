import { Ear } from "./ear.ts";
import type { Script } from "./script.ts";

const CR = 13;

/**
 * What all receivers of a room are expected to hear, which in most servers is the same to the byte: so that the first
 * to hear it reads it line by line, and for all others one comparison of memory is enough. It holds only what is right;
 * who hears something else reads on with an {@link Ear} of his own.
 */
export class Transcript {
  private bytes = Buffer.allocUnsafe(1 << 20);
  private length = 0;
  /** Where the last whole line ends. */
  private whole = 0;
  /** Of each message: where its line ends, who said it, and its number. */
  readonly ends: number[] = [];
  readonly publishers: number[] = [];
  readonly numbers: number[] = [];
  private readonly due: number[];

  constructor(
    private readonly script: Script,
    publishers: number,
  ) {
    this.due = Array.from({ length: publishers }, () => 0);
  }

  /** Whether somebody who heard `at` bytes of this may go on with `chunk`. What is new in it is written down if it is right. */
  goesOn(at: number, chunk: Buffer): boolean {
    const known = Math.min(chunk.length, this.length - at);
    if (chunk.compare(this.bytes, at, at + known, 0, known) !== 0) return false;
    return known === chunk.length || this.write(chunk.subarray(known));
  }

  /** An ear for somebody who heard `at` bytes and `messages` messages of this, and now hears something else. */
  ear(at: number, messages: number): Ear {
    const due = this.due.map(() => 0);
    for (const publisher of this.publishers.slice(0, messages)) due[publisher] = (due[publisher] ?? 0) + 1;
    const { ending } = this.script;
    const before = this.bytes.subarray(0, at).lastIndexOf(ending);
    const lineStart = before < 0 ? 0 : before + ending.length;
    return new Ear(this.script, due, Buffer.from(this.bytes.subarray(lineStart, at)));
  }

  private write(bytes: Buffer): boolean {
    this.append(bytes);
    const known = this.ends.length;
    let from = this.whole;
    for (let end = this.lineEnd(from); end !== -1; end = this.lineEnd(from)) {
      const line = this.bytes.subarray(from, this.bytes[end - 1] === CR && end > from ? end - 1 : end);
      const heard = this.script.read(line);
      from = end + this.script.ending.length;
      if (heard === null) continue;
      if (heard.number !== this.due[heard.publisher]) {
        this.forget(known, bytes.length);
        return false;
      }
      this.due[heard.publisher] = heard.number + 1;
      this.ends.push(from);
      this.publishers.push(heard.publisher);
      this.numbers.push(heard.number);
    }
    this.whole = from;
    return true;
  }

  private lineEnd(from: number): number {
    return this.bytes.subarray(0, this.length).indexOf(this.script.ending, from);
  }

  private append(bytes: Buffer): void {
    if (this.length + bytes.length > this.bytes.length) {
      const grown = Buffer.allocUnsafe(2 * (this.length + bytes.length));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    bytes.copy(this.bytes, this.length);
    this.length += bytes.length;
  }

  /** Takes back what was written last: `length` bytes, and the messages from `first`. */
  private forget(first: number, length: number): void {
    this.length -= length;
    for (const publisher of this.publishers.splice(first)) this.due[publisher] = (this.due[publisher] ?? 0) - 1;
    this.ends.length = first;
    this.numbers.length = first;
  }
}
