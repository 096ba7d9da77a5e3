import type { Charset } from "../../src/bytes/charset.ts";

/**
 * Lines as they are on the wire, a character for each byte: the charset of a session may change between two lines, and a
 * name that is not valid in it is to be refused, not mended.
 */
export const rawBytes: Charset = {
  name: "bytes",
  decode: latin1,
  encode: (text) => Buffer.from(text, "latin1"),
  decodeLossy: latin1,
  encodeLossy: (text) => Buffer.from(text, "latin1"),
};

function latin1(bytes: Uint8Array): string {
  return Buffer.prototype.toString.call(bytes, "latin1");
}

/** A line as a command and its argument. */
export interface RawCommand {
  /** In upper case. */
  readonly verb: string;
  /** All behind the first space, a character for each byte; "" when there is none. */
  readonly argument: string;
}

/**
 * RFC 959, section 5.3: the verb, one space, the argument, in which every space counts. Control characters before the
 * verb are what telnet's interrupts became (section 3.1.2.1 of RFC 1123).
 */
export function parseLine(line: string): RawCommand {
  const text = line.replace(/^[\0-\x20\xf0-\xff]+/, "");
  const space = text.indexOf(" ");
  if (space === -1) return { verb: text.toUpperCase(), argument: "" };
  return { verb: text.slice(0, space).toUpperCase(), argument: text.slice(space + 1) };
}
