import type { Charset } from "../../src/bytes/charset.ts";
import { isTelnetCommand, Telnet } from "../../src/bytes/telnet.ts";

const IAC = 255;
const LF = 0x0a;
const SPACE = 0x20;

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

  constructor(
    /** Part of a line has come already. */
    private inLine: boolean,
  ) {}

  /** What must be sent back, null for nothing. */
  answer(): Uint8Array | null {
    return this.telnet.answer();
  }

  /** The chunk without telnet's commands. */
  push(chunk: Uint8Array, charset: Charset): Uint8Array {
    const isLetter = charset.decode(Uint8Array.of(IAC)) !== null;
    const out: number[] = [];
    for (const byte of chunk) {
      if (this.held) this.tell(byte, isLetter, out);
      else if (byte === IAC && this.inLine && this.telnet.isBetween) this.held = true;
      else this.take(byte, out);
    }
    return Uint8Array.from(out);
  }

  private tell(byte: number, isLetter: boolean, out: number[]): void {
    this.held = false;
    if (!isLetter && isTelnetCommand(byte)) this.take(IAC, out);
    else out.push(IAC);
    // Doubled it is one.
    if (byte !== IAC) this.take(byte, out);
  }

  private take(byte: number, out: number[]): void {
    for (const data of this.telnet.push(Uint8Array.of(byte))) {
      out.push(data);
      this.inLine = data !== LF && (this.inLine || data > SPACE);
    }
  }
}
