import { upper } from "../../bytes/upper.ts";

/** What an echo still has to answer: what it was sent, in the same case or in upper case, byte by byte. */
export class Expected {
  private readonly chunks: Uint8Array[] = [];

  sent(bytes: Uint8Array): void {
    this.chunks.push(upper(Buffer.from(bytes)));
  }

  /** Whether everything was answered. */
  get isMet(): boolean {
    return this.chunks.length === 0;
  }

  /** Whether what came is what was to come next. */
  answers(bytes: Uint8Array): boolean {
    let rest: Buffer = upper(Buffer.from(bytes));
    while (rest.length > 0) {
      const [next] = this.chunks;
      if (next === undefined) return false;
      const length = Math.min(next.length, rest.length);
      if (!rest.subarray(0, length).equals(next.subarray(0, length))) return false;
      rest = rest.subarray(length);
      if (length === next.length) this.chunks.shift();
      else this.chunks[0] = next.subarray(length);
    }
    return true;
  }
}

/** Whether one message answers another. */
export function isEcho(answer: Uint8Array, question: Uint8Array): boolean {
  return upper(Buffer.from(answer)).equals(upper(Buffer.from(question)));
}

/** What is said of a server that answers something else. */
export const NO_ECHO = "answered something else than what it was sent in upper case";
