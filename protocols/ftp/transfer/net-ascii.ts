const CR = 0x0d;
const LF = 0x0a;

// Both loops count: Bun takes ten times as long to go through the same bytes by `for … of` (70 against 700 MB/s, measured).

/** Bytes of a file as TYPE A sends them: every line ends with CR LF, also where the file has only LF (RFC 959, 3.1.1.1). */
export class ToNetwork {
  private last = 0;

  push(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(2 * chunk.length);
    let length = 0;
    let { last } = this;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === LF && last !== CR) out[length++] = CR;
      out[length++] = last = byte;
    }
    this.last = last;
    return out.subarray(0, length);
  }
}

/** Bytes that came by TYPE A as they are kept: CR LF becomes LF; any other CR stays. */
export class FromNetwork {
  private heldCr = false;

  push(chunk: Uint8Array): Uint8Array {
    if (!this.heldCr && !chunk.includes(CR)) return chunk;
    const out = new Uint8Array(chunk.length + 1);
    let length = 0;
    let held = this.heldCr;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (held && byte !== LF) out[length++] = CR;
      held = byte === CR;
      if (!held) out[length++] = byte;
    }
    this.heldCr = held;
    return out.subarray(0, length);
  }

  /** A CR that was the very last byte. */
  end(): Uint8Array {
    const rest = this.heldCr ? Uint8Array.of(CR) : new Uint8Array(0);
    this.heldCr = false;
    return rest;
  }
}
