import { X509Certificate } from "node:crypto";
import type { TlsContext } from "../net/tls.ts";

/** The server's certificate, ready to be served. */
export interface Certificate {
  readonly context: TlsContext;
  /** SHA-256 of the certificate as `openssl x509 -fingerprint -sha256` shows it: 32 bytes in hex with colons. */
  readonly fingerprint: string;
  /** It was made here and nobody else vouches for it, so that people compare the fingerprint. */
  readonly selfSigned: boolean;
  /** Hosts of `--host` that are not among its names, so that clients which check the name refuse it there. */
  readonly unnamed: readonly string[];
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The certificates of a file in PEM, in their order; what stands between them is skipped. Empty: there are none.
 * @throws Error when one of them cannot be decoded
 */
export function certificatesIn(pem: string): X509Certificate[] {
  return Array.from(pem.matchAll(BLOCK), ([block]) => new X509Certificate(block));
}
