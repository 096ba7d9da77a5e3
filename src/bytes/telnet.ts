/** RFC 854, "TELNET command structure": the bytes that may follow IAC, which is 255. */
const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const EL = 248;
const EC = 247;
const AYT = 246;
const IP = 244;
const BRK = 243;
const SE = 240;
/** The lowest byte that is a command: EOF (RFC 1184); SUSP, ABORT and EOR follow it. */
const LOWEST_COMMAND = 236;
/** RFC 860. */
const TIMING_MARK = 6;

/** Commands that edit what is typed, as the control characters that a terminal sends for them; see `edit`. */
const BACKSPACE = 0x08;
const KILL_LINE = 0x15;
const INTERRUPT = 0x03;

const YES = new TextEncoder().encode("[tincan: yes]\r\n");

/** Where the stream stands between two bytes. WILL, WONT, DO and DONT stand for themselves: their option comes next. */
const DATA = 0;
const COMMAND = 1;
const SUBNEGOTIATION = 2;
const SUBNEGOTIATION_IAC = 3;

/**
 * The receiving side of telnet (RFC 854) that wants none of its options: takes the commands out of a stream and says
 * what must be answered. Any byte stream without IAC bytes passes through unchanged, and UTF-8 has none.
 *
 * - Every option is refused, WILL with DONT and DO with WONT, once for each option and direction, so that two sides that
 *   refuse cannot answer each other for ever (RFC 1143). WONT and DONT ask for nothing. DO TIMING-MARK is refused each
 *   time: after an interrupt a client shows nothing until that answer comes (RFC 860).
 * - A subnegotiation is skipped to its IAC SE; none of it is stored.
 * - EC, EL, IP and BRK become control characters in the data, so that they keep their place in it.
 * - IAC before a byte that is no command: the DM between them was sent as urgent data and taken out of the stream by TCP
 *   (RFC 854, "The TELNET synch mechanism"). The byte is data.
 */
export class Telnet {
  private state = DATA;
  /** Options refused: 256 bits for WILL, 256 for DO. */
  private refused: Uint8Array | null = null;
  private pending: number[] = [];
  private asked = false;
  private marked = false;

  /** The next byte begins a command or is data: none has begun. */
  get isBetween(): boolean {
    return this.state === DATA;
  }

  /** A subnegotiation has begun whose end has not come: all that is sent counts as part of it. */
  get isSkipping(): boolean {
    return this.state === SUBNEGOTIATION || this.state === SUBNEGOTIATION_IAC;
  }

  /**
   * The chunk without telnet's commands. The chunk is changed in place and what is returned is a view of it, or the
   * chunk itself where it held no command.
   */
  push(chunk: Uint8Array): Uint8Array {
    let from = this.state === DATA ? chunk.indexOf(IAC) : 0;
    if (from === -1) return chunk;
    let to = from;
    for (; from < chunk.length; from++) {
      const data = this.pushByte(chunk[from]!);
      if (data !== NO_DATA) chunk[to++] = data;
    }
    return chunk.subarray(0, to);
  }

  /** The byte of data that a byte of the stream is or stands for; -1 for one of a command. */
  pushByte(byte: number): number {
    if (this.state !== DATA) return this.control(byte);
    return byte === IAC ? this.enter(COMMAND) : byte;
  }

  /** What must be sent back, null for nothing. Cleared by asking; at most 1.6 KiB between two calls, whatever comes in. */
  answer(): Uint8Array | null {
    if (this.marked) this.pending.push(IAC, WONT, TIMING_MARK);
    if (this.asked) this.pending.push(...YES);
    this.marked = this.asked = false;
    if (this.pending.length === 0) return null;
    const bytes = Uint8Array.from(this.pending);
    this.pending = [];
    return bytes;
  }

  /** Takes a byte that is not plain data; returns the byte of data that it stands for, or NO_DATA. */
  private control(byte: number): number {
    switch (this.state) {
      case COMMAND:
        return this.command(byte);
      case SUBNEGOTIATION:
        return byte === IAC ? this.enter(SUBNEGOTIATION_IAC) : NO_DATA;
      case SUBNEGOTIATION_IAC:
        return this.enter(byte === SE ? DATA : SUBNEGOTIATION);
      default:
        this.refuse(this.state, byte);
        return this.enter(DATA);
    }
  }

  private command(byte: number): number {
    this.state = DATA;
    if (byte === IAC || byte < LOWEST_COMMAND) return byte;
    if (byte >= WILL) return this.enter(byte);
    if (byte === SB) return this.enter(SUBNEGOTIATION);
    if (byte === AYT) this.asked = true;
    return CONTROL_CHARACTER.get(byte) ?? NO_DATA;
  }

  private refuse(verb: number, option: number): void {
    if (verb === WONT || verb === DONT) return;
    if (verb === DO && option === TIMING_MARK) {
      this.marked = true;
      return;
    }
    this.refused ??= new Uint8Array(64);
    const at = (verb === DO ? 32 : 0) + (option >> 3);
    const bit = 1 << (option & 7);
    if (this.refused[at]! & bit) return;
    this.refused[at]! |= bit;
    this.pending.push(IAC, verb === DO ? WONT : DONT, option);
  }

  private enter(state: number): number {
    this.state = state;
    return NO_DATA;
  }
}

/** Whether a byte behind IAC makes a command of both. */
export function isTelnetCommand(byte: number): boolean {
  return byte >= LOWEST_COMMAND && byte < IAC;
}

const NO_DATA = -1;
const CONTROL_CHARACTER: ReadonlyMap<number, number> = new Map([
  [EC, BACKSPACE],
  [EL, KILL_LINE],
  [IP, INTERRUPT],
  [BRK, INTERRUPT],
]);
