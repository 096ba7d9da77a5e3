import { quote } from "../../../src/bytes/text.ts";
import { MalformedError } from "./http-error.ts";
import type { RequestHead } from "./request-head.ts";

/** How the end of a request's body is found: after so many bytes (0: there is none), or where its chunks say so. */
export type BodyLength = number | "chunked";

const WHOLE = /^\d{1,15}$/;

/**
 * RFC 9112, section 6.3, without its leniency: a request that gives two lengths, or one that another reader could take
 * differently, is refused, because behind a proxy it could smuggle a second request (section 11.2).
 * @throws MalformedError
 */
export function bodyLengthOf({ fields, minor }: RequestHead): BodyLength {
  const length = fields.get("content-length");
  const coding = fields.get("transfer-encoding");
  if (coding === undefined) return length === undefined ? 0 : readLength(length);
  if (length !== undefined) throw malformed("Content-Length and Transfer-Encoding exclude each other; send one");
  if (minor === 0) throw malformed("Transfer-Encoding is not part of HTTP/1.0; send Content-Length");
  if (coding.toLowerCase() === "chunked") return "chunked";
  throw new MalformedError(501, "bad-request", `Transfer-Encoding ${quote(coding)} is not understood; send "chunked"`);
}

function readLength(text: string): number {
  if (WHOLE.test(text)) return Number(text);
  throw malformed(`Content-Length ${quote(text)} is not a number of bytes`);
}

function malformed(message: string): MalformedError {
  return new MalformedError(400, "bad-request", message);
}
