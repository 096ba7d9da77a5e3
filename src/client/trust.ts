import type { ConnectionOptions, getCACertificates, TLSSocket } from "node:tls";
import ipaddr from "ipaddr.js";

/** Which server a client over TLS takes for the one it wants. */
export interface Trust {
  /** Certificates in PEM that are trusted beside the system's. */
  readonly ca: string | null;
  /** The SHA-256 of the very certificate, in hex with or without colons; nothing else is then looked at. */
  readonly fingerprint: string | null;
  /** Trust whoever answers. */
  readonly insecure: boolean;
}

/** The server has another certificate than the one that was expected. */
export class NotTrusted extends Error {
  override readonly name = "NotTrusted";
}

/**
 * What node:tls has to be told: to trust Bun's own list, NODE_EXTRA_CA_CERTS, and what the machine's owner has added to the
 * system's. A host that is an address is not named in the handshake (RFC 6066, section 3).
 * @param known node:tls's own, which is loaded by clients that speak TLS alone
 */
export function tlsOptions(
  host: string,
  { ca, fingerprint, insecure }: Trust,
  known: typeof getCACertificates,
): ConnectionOptions {
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: !insecure && fingerprint === null,
    ...(!ipaddr.isValid(host) && { servername: host }),
    ca: [...known("default"), ...known("system"), ...(ca === null ? [] : [ca])],
  };
}

/** Why the peer of a finished handshake is not the one that was wanted; null when it is. */
export function checkPeer(socket: TLSSocket, { fingerprint }: Trust): Error | null {
  if (fingerprint === null) return null;
  const shown = socket.getPeerCertificate().fingerprint256 ?? "";
  if (bare(shown) === bare(fingerprint)) return null;
  return new NotTrusted(`its certificate has the fingerprint ${shown}, not the one given`);
}

/** Whether a text can be the fingerprint of a certificate. */
export function isFingerprint(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(bare(text));
}

function bare(fingerprint: string): string {
  return fingerprint
    .replace(/^sha256[:=]/i, "")
    .replaceAll(":", "")
    .toLowerCase();
}
