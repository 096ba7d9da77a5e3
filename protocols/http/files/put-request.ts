import { quote } from "../../../src/bytes/text.ts";
import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";
import { readContentRange, type UploadPiece } from "./content-range.ts";
import { isDigestWanted, readDigest } from "./digest.ts";

/** What a PUT wants, as its fields say it. */
export interface PutRequest {
  /** Of the whole file; null when nobody knows before its end (chunked). */
  readonly size: number | null;
  /** Null: the body is the whole file. */
  readonly piece: UploadPiece | null;
  /** In milliseconds. */
  readonly mtime: number | undefined;
  /** The SHA-256 that the file shall have, in hex. */
  readonly sha256: string | undefined;
  /** The hash shall be told. */
  readonly hash: boolean;
  readonly overwrite: boolean;
}

/** @throws HttpError 400, 411, 415 */
export function readPut(x: Exchange): PutRequest {
  const coding = x.field("content-encoding")?.toLowerCase() ?? "identity";
  if (coding !== "identity")
    throw new HttpError(
      415,
      "bad-type",
      `Content-Encoding ${quote(coding)} is not undone here; send the file as it is`,
    );
  const range = x.field("content-range");
  const piece = range === undefined ? null : readContentRange(range);
  const { length } = x.body;
  if (length === 0 && piece?.kind !== "ask" && x.field("content-length") === undefined)
    throw new HttpError(411, "needs-length", "say how much comes: send Content-Length, or Transfer-Encoding: chunked");
  if (piece?.kind === "piece" && length !== null && length !== piece.length) throw unlike(piece.length);
  if (piece?.kind === "ask" && length !== 0)
    throw new HttpError(400, "bad-request", "who asks how far an upload is sends no body");
  const sha256 = readDigest(x.field("repr-digest"));
  return {
    size: piece?.size ?? length,
    piece,
    mtime: readMtime(x.field("x-oc-mtime")),
    sha256,
    hash: sha256 !== undefined || isDigestWanted(x.field("want-repr-digest")),
    overwrite: (x.asks("overwrite") || x.field("if-match") !== undefined) && !isForNew(x),
  };
}

/** `If-None-Match: *`: nothing is replaced, not even what comes to be while the bytes come. */
function isForNew(x: Exchange): boolean {
  return x.field("if-none-match")?.trim() === "*";
}

/** A piece has not the length that its `Content-Range` says. */
export function unlike(length: number): HttpError {
  return new HttpError(
    400,
    "bad-request",
    `the Content-Range says that ${length} bytes come, and the body is another length`,
  );
}

/** ownCloud's way to say a file's time: seconds since 1970, which may have decimals. */
function readMtime(field: string | undefined): number | undefined {
  if (field === undefined) return undefined;
  if (/^\d{1,11}(?:\.\d{1,9})?$/.test(field)) return Math.floor(Number(field) * 1000);
  throw new HttpError(400, "bad-request", `X-OC-Mtime ${quote(field)} is no number of seconds since 1970`);
}
