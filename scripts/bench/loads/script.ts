/** A message of a publisher that came in a line. */
export interface Heard {
  readonly publisher: number;
  readonly number: number;
}

const DIGITS = 9;

/**
 * What the publishers of one run say: texts of one size, each with the run, the publisher and a number in it, so that
 * every single one is known when it comes back. Lines that hold none (greetings, notices, other runs) are no messages.
 */
export class Script {
  private readonly texts: readonly Buffer[];
  private readonly mark: Buffer;
  /** Where the number of a message begins. */
  private readonly at: number;

  /** What stands behind a text when it is heard. */
  readonly ending: Buffer;

  /** @param size of a text in bytes */
  constructor(
    run: string,
    publishers: number,
    readonly size: number,
    ending = "\n",
  ) {
    this.ending = Buffer.from(ending);
    const begin = (publisher: number) => `%${run}.${String(publisher).padStart(2, "0")}.`;
    this.mark = Buffer.from(`%${run}.`);
    this.at = begin(0).length;
    this.texts = Array.from({ length: publishers }, (_, publisher) =>
      // The last byte is no blank: some servers cut those off.
      Buffer.from(`${`${begin(publisher)}${"0".repeat(DIGITS)} `.padEnd(size - 1, "tin can ")}.`),
    );
  }

  /** The text of one message. */
  text(publisher: number, number: number): string {
    return this.write(publisher, number).toString("latin1");
  }

  /** The message that a line ends with, or null. A text that was changed on its way is none. */
  read(line: Buffer): Heard | null {
    const text = line.subarray(Math.max(0, line.length - this.size));
    if (text.length < this.size || !text.subarray(0, this.mark.length).equals(this.mark)) return null;
    const publisher = Number(text.toString("latin1", this.mark.length, this.at - 1));
    const number = Number(text.toString("latin1", this.at, this.at + DIGITS));
    const right = publisher < this.texts.length && number >= 0 && text.equals(this.write(publisher, number));
    return right ? { publisher, number } : null;
  }

  private write(publisher: number, number: number): Buffer {
    const text = this.texts[publisher];
    if (text === undefined) throw new RangeError(`there is no publisher ${publisher}`);
    text.write(String(number).padStart(DIGITS, "0"), this.at, "latin1");
    return text;
  }
}
