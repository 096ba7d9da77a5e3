import { HttpError } from "../wire/http-error.ts";

/** A piece of an upload, or the question how far it is. */
export type UploadPiece =
  | { readonly kind: "piece"; readonly from: number; readonly length: number; readonly size: number }
  | { readonly kind: "ask"; readonly size: number };

const FORM = /^bytes[\t ]+(?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/i;

/** Reads the `Content-Range` of a `PUT`: `bytes FROM-TO/SIZE`, or with `*` for the piece, which asks. @throws HttpError 400 */
export function readContentRange(field: string): UploadPiece {
  const [, from, to, whole] = FORM.exec(field) ?? [];
  const size = Number(whole ?? Number.NaN);
  if (Number.isNaN(size)) throw bad('Content-Range cannot be read; send "bytes FROM-TO/SIZE"');
  if (from === undefined) return { kind: "ask", size };
  const length = Number(to) - Number(from) + 1;
  if (length < 1) throw bad("the Content-Range ends before it begins");
  if (Number(to) >= size) throw bad("the Content-Range ends behind the size that it says");
  return { kind: "piece", from: Number(from), length, size };
}

function bad(message: string): HttpError {
  return new HttpError(400, "bad-request", message);
}
