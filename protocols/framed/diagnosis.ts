import { ProtocolError } from "../../src/bytes/decoder.ts";
import { encodeFrame, FrameLengthError } from "../../src/bytes/framer.ts";
import { type HeaderFormat, parseHeaderFormat } from "../../src/bytes/header.ts";
import { quote } from "../../src/bytes/text.ts";
import type { Connection } from "../../src/net/protocol.ts";
import { bye } from "./bye.ts";
import { recognise } from "./foreign.ts";
import type { FramedHost } from "./host.ts";

/** Ends a connection for an error of its peer, told once and in the peer's language; any other error is thrown again. */
export function endFor(error: unknown, host: FramedHost, conn: Connection): void {
  if (error instanceof FrameLengthError) {
    const { detail, lastWords } = diagnose(error, host);
    conn.finish(lastWords, { kind: "violation", detail });
  } else if (error instanceof ProtocolError) {
    const detail = error.message;
    conn.finish(encodeIfSayable(host.header, bye("violation", detail)), { kind: "violation", detail });
  } else throw error;
}

/** What is said of a header whose length cannot be: a sentence for the log, and the last words in the peer's language. */
export interface Diagnosis {
  readonly detail: string;
  readonly lastWords: Uint8Array;
}

/** The integer of the same size in the other byte order. */
function otherOrder(header: HeaderFormat): HeaderFormat {
  const letter = { 1: "B", 2: "H", 4: "I", 8: "Q" }[header.size] ?? "I";
  const mark = header.littleEndian ? ">" : "<";
  return parseHeaderFormat(mark + (header.signed ? letter.toLowerCase() : letter));
}

/**
 * Decodes a length that cannot be for the reader: 1195725856 is the text "GET ", and 16777216 is a 1 in the other byte
 * order.
 */
export function diagnose(error: FrameLengthError, host: FramedHost): Diagnosis {
  const { header, maxFrame } = host;
  const { head } = error;
  const swapped = otherOrder(header);
  const other = swapped.read(head, 0);
  const foreign = recognise(head);
  const said = `${error.message}; ${shown(head.subarray(0, header.size))}`;
  const orders = header.size > 1 ? `, and in the other byte order it would say ${other}` : "";
  const looks = foreign ? `; this looks like ${foreign.name}, and this port speaks frames` : "";
  const port = foreign?.door ? host.portOf(foreign.door) : null;
  const where = port === null ? "" : ` (${foreign?.name} is spoken on port ${port})`;
  const detail = `${said}${orders}${looks}${where}`;
  if (foreign?.name === "HTTP") return { detail, lastWords: http(detail) };
  if (foreign?.name === "plain text") return { detail, lastWords: Buffer.from(`tincan: ${detail}\r\n`) };
  const legal = other >= 0 && other <= maxFrame ? swapped : header;
  return { detail, lastWords: encodeIfSayable(legal, bye("violation", detail)) };
}

function shown(header: Uint8Array): string {
  const hex = Buffer.from(header)
    .toString("hex")
    .replaceAll(/..(?!$)/g, "$& ");
  const text = Buffer.from(header).toString("latin1");
  return /^[\x20-\x7e\r\n\t]+$/.test(text) ? `its bytes are the text ${quote(text)}` : `its bytes are ${hex}`;
}

/** A header of one or two bytes may not be able to say how long the last words are; then there are none. */
export function encodeIfSayable(header: HeaderFormat, body: Uint8Array): Uint8Array {
  return body.length <= header.most ? encodeFrame(header, body) : new Uint8Array(0);
}

function http(detail: string): Uint8Array {
  const body = `This is tincan's framed port. It speaks length-prefixed frames, not HTTP:\n${detail}.\n`;
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
