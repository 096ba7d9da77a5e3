import { isUtf8 } from "node:buffer";
import { FetchFailure } from "./failure.ts";
import { credentials } from "./source.ts";

export interface RemotePath {
  readonly path: string;
  /** What makes of the path the bytes that were percent-encoded: latin1 where those are no UTF-8 but GBK or the like. */
  readonly encoding: "utf8" | "latin1";
}

/**
 * The path behind the host, relative to where the login leads; `%2F` at its start is the root (RFC 1738, section 3.2.2).
 * @throws FetchFailure for what is no file, or would be a command
 */
export function remotePath(url: URL): RemotePath {
  const encoded = url.pathname.slice(1).replace(/;type=[ai]$/i, "");
  const bytes = Buffer.from(encoded.replace(/%[0-9a-f]{2}/gi, byteOf), "latin1");
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  const path = bytes.toString(encoding);
  const who = credentials(url);
  if (/[\r\n\0]/.test(`${path}${who?.user}${who?.password}`)) {
    throw new FetchFailure("a line break in it would be a command of its own");
  }
  if (path === "" || path.endsWith("/")) throw new FetchFailure("that is a folder; name a file in it");
  return { path, encoding };
}

function byteOf(encoded: string): string {
  return String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
}
