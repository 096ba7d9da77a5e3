import type { ByteRange } from "./range.ts";

/** What stands around the pieces of an answer with several ranges. */
export interface Multipart {
  readonly type: string;
  /** Before each piece, and one more behind the last. */
  readonly heads: readonly Uint8Array[];
}

/** `multipart/byteranges` (RFC 9110, section 14.6). The boundary is random, so that no file can have it in it. */
export function multipartOf(ranges: readonly ByteRange[], size: number, type: string): Multipart {
  const boundary = Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString("hex");
  const heads = ranges.map(({ first, last }) =>
    Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${first}-${last}/${size}\r\n\r\n`,
      "latin1",
    ),
  );
  return {
    type: `multipart/byteranges; boundary=${boundary}`,
    heads: [...heads, Buffer.from(`\r\n--${boundary}--\r\n`, "latin1")],
  };
}
