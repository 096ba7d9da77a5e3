import type { FrameLengthError } from "../../src/bytes/frame-length.ts";
import { type HeaderFormat, parseHeaderFormat } from "../../src/bytes/header.ts";
import { unpack } from "../../src/bytes/struct.ts";
import { quote } from "../../src/bytes/text.ts";
import type { CloseReason } from "../../src/net/protocol.ts";
import type { ByeReason } from "../services/messages.ts";
import { type Foreign, foreignOf, type Ports, textOf } from "./foreign.ts";
import { FrameForm } from "./form.ts";

/** How frames must be at a framed door, and where else its peers may have meant to go. */
export interface FrameRules extends Ports {
  readonly form: FrameForm;
  /** The same header with its bytes the other way round; null where it is one byte. */
  readonly mirrored: FrameForm | null;
  /** The largest body in bytes. */
  readonly maxFrame: number;
}

/** The end of a peer that broke the protocol: its last words and what the log is told. */
export interface Verdict {
  readonly why: CloseReason;
  readonly lastWords: Uint8Array;
}

const UNSIGNED_BY_SIZE: Readonly<Record<number, string>> = { 2: "H", 4: "I", 8: "Q" };

/** The format that reads the same bytes in the other order. */
export function mirror(header: HeaderFormat): FrameForm | null {
  const letter = UNSIGNED_BY_SIZE[header.size];
  if (letter === undefined) return null;
  const mark = header.littleEndian ? ">" : "<";
  return new FrameForm(parseHeaderFormat(mark + (header.signed ? letter.toLowerCase() : letter)));
}

/**
 * A header that says too much, or less than nothing, decoded for whoever sent it.
 *
 * @param first whether it is the first of its connection, so that it may be another protocol altogether
 * @param at the address at which its sender has reached this machine
 */
export function badLength(rules: FrameRules, error: FrameLengthError, first: boolean, at: string): Verdict {
  const { form, mirrored, maxFrame } = rules;
  const bytes = error.head.subarray(0, form.header.size);
  const said = `${numbers(rules, bytes)}, and ${error.length < 0 ? "no length is negative" : `the limit is ${maxFrame}`}`;
  const foreign = first ? foreignOf(error.head) : null;
  if (foreign !== null) return turnAway(rules, foreign, at, `read as a frame's header, its start says ${said}`);
  const other = mirrored?.header.read(bytes, 0) ?? -1;
  const legal = other >= 0 && other <= maxFrame ? mirrored : null;
  return violation(legal ?? form, `a frame's header says ${said}; ${advice(form, legal !== null, first)}`);
}

/** What the bytes of a header say: as a length, as text where they are some, and in the other byte order. */
function numbers({ form, mirrored }: FrameRules, bytes: Uint8Array): string {
  const text = textOf(bytes);
  const others = [
    text === null ? [] : `${quote(text)} as text`,
    mirrored === null ? [] : `${exact(mirrored.header, bytes)} in the other byte order`,
  ].flat();
  const more = others.length === 0 ? "" : ` (${others.join(", ")})`;
  return `${exact(form.header, bytes)} bytes${more}`;
}

/** A message that began and does not go on: its connection ended (`violation`), or it took too long (`stall`). */
export function unfinished(
  rules: FrameRules,
  head: Uint8Array | null,
  reason: "violation" | "stall",
  at: string,
): Verdict {
  const foreign = head === null ? null : foreignOf(head);
  const problem = `a message was begun and ${reason === "stall" ? "not complete in time" : "cut short"}`;
  if (foreign !== null && foreign.answer !== "frame") return turnAway(rules, foreign, at, problem);
  return violation(rules.form, `${problem}; look at the length in its header`, reason);
}

function advice({ header }: FrameForm, mirroredIsLegal: boolean, first: boolean): string {
  const pack = `pack lengths with ${quote(header.format)}`;
  if (mirroredIsLegal) return `the other byte order would be right: ${pack}`;
  return first ? pack : "the length before it was probably wrong: count bytes, not characters";
}

function turnAway(rules: FrameRules, foreign: Foreign, at: string, details: string): Verdict {
  const help = foreign.help(rules, at);
  const here = `this looks like ${foreign.name}, and this is tincan's framed port`;
  const sentence = help === null ? here : `${here}; ${help}`;
  const why: CloseReason = { kind: "violation", detail: `${sentence}; ${details}` };
  if (foreign.answer === "frame") return violation(rules.form, why.detail);
  const lastWords = foreign.answer === "http" ? httpAnswer(sentence, details) : `tincan: ${why.detail}\r\n`;
  return { why, lastWords: Buffer.from(lastWords) };
}

function httpAnswer(sentence: string, details: string): string {
  const body = Buffer.from(`${sentence}\n${details}\n`);
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** The end of a peer that is told so in a frame. */
export function violation(
  form: FrameForm,
  detail: string,
  reason: ByeReason & CloseReason["kind"] = "violation",
): Verdict {
  const why: CloseReason = { kind: "violation", detail };
  return { why, lastWords: form.bye({ event: "bye", reason, text: detail }) };
}

/** The number that a header says, beyond 2^53 too. */
function exact(header: HeaderFormat, bytes: Uint8Array): string {
  return String(unpack(header.format, bytes)[0]);
}
