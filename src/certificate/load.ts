import { CommandError, Exit } from "../exit.ts";
import type { Certificate } from "./certificate.ts";

/** The settings that say which certificate is served. */
export interface CertificateSettings {
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly tlsSelfSigned: boolean;
  readonly host: readonly string[];
}

/**
 * The certificate that the settings ask for, read or made and checked; null when they ask for none. `now` is in
 * milliseconds since 1970. Rejects with {@link CommandError}: 78 for settings or files that are wrong, 73 for one that
 * cannot be kept.
 */
export async function loadCertificate(
  { tlsCert, tlsKey, tlsSelfSigned, host }: CertificateSettings,
  stateFolder: string,
  now: number,
): Promise<Certificate | null> {
  if (tlsCert === null && tlsKey === null) {
    if (!tlsSelfSigned) return null;
    const { selfSigned } = await import("./self-signed.ts");
    return selfSigned(stateFolder, host, now);
  }
  if (tlsKey === null) throw wrong("--tls-cert needs its private key as well; give --tls-key");
  if (tlsCert === null) throw wrong("--tls-key needs its certificate as well; give --tls-cert");
  if (tlsSelfSigned) throw wrong("--tls-self-signed and --tls-cert are two certificates; give one of them");
  const { readCertificate } = await import("./given.ts");
  return readCertificate(tlsCert, tlsKey, now);
}

function wrong(sentence: string): CommandError {
  return new CommandError(Exit.config, sentence);
}
