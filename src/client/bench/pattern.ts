/** A prime, so that messages of no usual size repeat, and an answer that is late by one is seen to be wrong. */
const PERIOD = 8191;

/**
 * An endless text of small letters, capitals, digits and bytes over 127, and its upper-case form written by other code
 * than the server's: both as one buffer from which any piece can be taken.
 */
export class Pattern {
  private readonly small: Uint8Array;
  private readonly capital: Uint8Array;

  /** @param most the longest piece that will be taken */
  constructor(most: number) {
    this.small = new Uint8Array(PERIOD + most);
    this.capital = new Uint8Array(PERIOD + most);
    for (let at = 0; at < PERIOD + most; at++) {
      const byte = ((at % PERIOD) * 31 + ((at % PERIOD) >> 5)) % 223;
      // 32 and above: nothing that a terminal or a line-based server would take for a command.
      const shown = byte + 32;
      this.small[at] = shown;
      this.capital[at] = shown >= 97 && shown <= 122 ? shown - 32 : shown;
    }
  }

  /** `length` bytes from place `at` of the text; the buffer must not be changed. */
  question(at: number, length: number): Uint8Array {
    const from = at % PERIOD;
    return this.small.subarray(from, from + length);
  }

  /** Whether `bytes` is the answer to the text from place `at`. */
  answers(bytes: Uint8Array, at: number): boolean {
    for (let done = 0; done < bytes.length; ) {
      const from = (at + done) % PERIOD;
      const piece = bytes.subarray(done, done + this.capital.length - from);
      if (Buffer.compare(piece, this.capital.subarray(from, from + piece.length)) !== 0) return false;
      done += piece.length;
    }
    return true;
  }
}
