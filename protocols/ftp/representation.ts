import { quote } from "../../src/bytes/text.ts";
import type { Result } from "./command.ts";
import { Refusal } from "./refusal.ts";
import type { FtpSession } from "./session.ts";

/** RFC 959, section 3.1.1: A (non-print), I, and L with bytes of 8 bits, which is the same as I. */
export function type({ parameters }: FtpSession, argument: string): Result {
  const asked = argument.trim().toUpperCase().replace(/ +/, " ");
  if (asked === "A" || asked === "A N") parameters.ascii = true;
  else if (asked === "I" || asked === "L 8" || asked === "L8") parameters.ascii = false;
  else throw new Refusal(504, `there is no type ${quote(asked)} here; A and I are`);
  return { code: 200, text: `the type is ${parameters.ascii ? "A" : "I"}` };
}

/** RFC 1123, section 4.1.2.4 asks for F alone where files have no records. */
export function stru(_: FtpSession, argument: string): Result {
  if (argument.trim().toUpperCase() !== "F") throw new Refusal(504, "files have no structure here; F alone is");
  return { code: 200, text: "the structure is F" };
}

export function mode(_: FtpSession, argument: string): Result {
  if (argument.trim().toUpperCase() !== "S") throw new Refusal(504, "files are sent as a stream; S alone is");
  return { code: 200, text: "the mode is S" };
}

/** RFC 3659, section 5: where the next transfer begins, in bytes. */
export function rest({ parameters }: FtpSession, argument: string): Result {
  const offset = wholeNumber(argument);
  if (offset === null) throw new Refusal(501, `${quote(argument)} is not a number of bytes`);
  parameters.offset = offset;
  return { code: 350, text: `the next transfer begins at ${offset}` };
}

/**
 * RFC 959, section 4.1.3: how long the next upload will be. What arrives must be so long, or it is not taken for whole; 0 is
 * said by who does not know. The length of a record, behind R, means nothing where files have none.
 */
export function allo({ parameters }: FtpSession, argument: string): Result {
  const [, number = ""] = /^(\d+)(?: +R +\d+)?$/i.exec(argument.trim()) ?? [];
  const announced = wholeNumber(number);
  if (announced === null) throw new Refusal(501, `${quote(argument)} is not a number of bytes`);
  parameters.announced = announced === 0 ? null : announced;
  if (announced === 0) return { code: 200, text: "the next upload may have any length" };
  return { code: 200, text: `the next upload shall have ${announced} bytes` };
}

function wholeNumber(text: string): number | null {
  const number = /^\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}
