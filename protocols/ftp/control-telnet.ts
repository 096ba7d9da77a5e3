import type { Charset } from "../../src/bytes/charset.ts";
import { isTelnetCommand, Telnet } from "../../src/bytes/telnet.ts";

const IAC = 255;
const LF = 0x0a;
const SPACE = 0x20;
const NOTHING = new Uint8Array(0);

/**
 * Telnet on the control connection (RFC 959, section 2.3), where byte 255 may also be a letter of a name: windows-1251 has
 * `я` there. Clients ought to double it (RFC 854), and many do not; left out, it would make another name of the one that
 * was meant. So where a line has begun, 255 is telnet's only before a byte that can be a command, and not even then in a
 * charset that has such a letter; what does not belong into a name there is refused with the name.
 */
export class ControlTelnet {
  private readonly telnet = new Telnet();
  /** Byte 255 has come within a line, and what it is shows at the next. */
  private held = false;
  /** Of the chunk that is being handled. */
  private out = NOTHING;
  private length = 0;
  /** More than blanks has come of a line whose end has not. */
  private inLine = false;

  /** What must be sent back, null for nothing. */
  answer(): Uint8Array | null {
    return this.telnet.answer();
  }

  /** The chunk without telnet's commands; itself where it holds none, as nearly all do. */
  push(chunk: Uint8Array, charset: Charset): Uint8Array {
    if (!(this.held || chunk.includes(IAC)) && this.telnet.isBetween) {
      this.see(chunk);
      return chunk;
    }
    const isLetter = charset.decode(Uint8Array.of(IAC)) !== null;
    // What was held from before may be data after all.
    this.out = new Uint8Array(chunk.length + 1);
    this.length = 0;
    for (let at = 0; at < chunk.length; ) {
      const plain = this.held || !this.telnet.isBetween ? 0 : plainLength(chunk, at);
      if (plain > 0) this.put(chunk.subarray(at, at + plain));
      else this.takeOne(chunk[at] ?? 0, isLetter);
      at += Math.max(1, plain);
    }
    const data = this.out.subarray(0, this.length);
    this.out = NOTHING;
    return data;
  }

  private takeOne(byte: number, isLetter: boolean): void {
    if (this.held) this.tell(byte, isLetter);
    else if (byte === IAC && this.inLine && this.telnet.isBetween) this.held = true;
    else this.feed(byte);
  }

  private tell(byte: number, isLetter: boolean): void {
    this.held = false;
    if (!isLetter && isTelnetCommand(byte)) this.feed(IAC);
    else this.putByte(IAC);
    // Doubled it is one.
    if (byte !== IAC) this.feed(byte);
  }

  private feed(byte: number): void {
    const data = this.telnet.pushByte(byte);
    if (data !== -1) this.putByte(data);
  }

  private putByte(byte: number): void {
    this.out[this.length++] = byte;
    this.inLine = byte !== LF && (this.inLine || byte > SPACE);
  }

  private put(data: Uint8Array): void {
    this.out.set(data, this.length);
    this.length += data.length;
    this.see(data);
  }

  /** Looks where in a line it ends. */
  private see(data: Uint8Array): void {
    const end = data.lastIndexOf(LF);
    if (end !== -1) this.inLine = false;
    for (let at = end + 1; at < data.length && !this.inLine; at++) this.inLine = (data[at] ?? 0) > SPACE;
  }
}

/** How many bytes from there on are none of telnet's. */
function plainLength(chunk: Uint8Array, from: number): number {
  const next = chunk.indexOf(IAC, from);
  return (next === -1 ? chunk.length : next) - from;
}
