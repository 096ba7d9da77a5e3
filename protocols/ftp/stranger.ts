import { isProxyHeader, ONLY_FROM_PROXIES, STRAY_PROXY_HEADER } from "../stray-proxy-header.ts";
import type { Reply } from "./reply.ts";

/** Somebody who speaks another protocol: told so once, and the connection ends. */
export interface Stranger {
  /** For the log. */
  readonly detail: string;
  readonly reply: Reply;
}

/**
 * Requests of HTTP. A browser that was lured here must not get to send commands in a body, nor see its own words come
 * back from here (cross-protocol attacks: ALPACA, CVE-2021-3618 among them).
 */
const HTTP_VERBS: ReadonlySet<string> = new Set([
  "GET",
  "POST",
  "HEAD",
  "PUT",
  "DELETE",
  "OPTIONS",
  "CONNECT",
  "PATCH",
  "TRACE",
  "PRI",
]);

function browser(page: string | null): Stranger {
  const there = page === null ? "" : `, or a browser at ${page}`;
  const text = `this port speaks FTP, not HTTP; use ftp:// and an FTP client${there}`;
  return { detail: "an HTTP request on the FTP port", reply: { code: 500, text } };
}

const proxy: Stranger = { detail: STRAY_PROXY_HEADER, reply: { code: 421, text: ONLY_FROM_PROXIES } };

/** RFC 8446, section 5.1: a handshake record of some version 3. */
const TLS_HANDSHAKE = [0x16, 0x03] as const;
/** Bytes that tell a PROXY header. */
const HEAD_LENGTH = 16;

/** @param page where a browser is better served; null: nowhere */
export function strangerByVerb(verb: string, page: () => string | null): Stranger | null {
  if (verb === "PROXY") return proxy;
  return HTTP_VERBS.has(verb) ? browser(page()) : null;
}

/** By the first bytes of a connection. */
export function strangerByHead(chunk: Uint8Array): Stranger | null {
  if (isProxyHeader(Buffer.from(chunk.subarray(0, HEAD_LENGTH)).toString("latin1"))) return proxy;
  if (chunk[0] !== TLS_HANDSHAKE[0] || (chunk.length > 1 && chunk[1] !== TLS_HANDSHAKE[1])) return null;
  const text = "this port begins in the clear; use explicit TLS (AUTH TLS), or the port for implicit TLS";
  return { detail: "a TLS handshake on the plain FTP port", reply: { code: 421, text } };
}
