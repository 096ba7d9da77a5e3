import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import { codeOf } from "../thrown.ts";
import { type Certificate, certificatesIn } from "./certificate.ts";

/** More than any chain of certificates has; a device or a film that was given by mistake is not read. */
const LARGEST_FILE = 1024 * 1024;

/**
 * Reads and checks the files of `--tls-cert` and `--tls-key`: both can be read, belong together, and the certificate is
 * valid at `now`. Throws {@link CommandError} (78) with what is wrong.
 */
export function readCertificate(certFile: string, keyFile: string, now: number): Certificate {
  const cert = readText("--tls-cert", certFile);
  const key = readText("--tls-key", keyFile);
  const chain = chainOf(cert, certFile);
  const [leaf] = chain;
  const secret = privateKey(key, keyFile);
  if (!leaf.checkPrivateKey(secret)) throw notAPair(chain, secret, certFile, keyFile);
  checkDates(leaf, certFile, now);
  // Written anew: Bun stumbles over what may stand around them, such as a byte order mark, and does not say so.
  const context = { cert: chain.join(""), key: secret.export({ type: "pkcs8", format: "pem" }).toString() };
  return { context, fingerprint: leaf.fingerprint256, selfSigned: false, unnamed: [] };
}

function readText(flag: string, file: string): string {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw wrong(`${flag} ${quote(file)} is not a file; give one in PEM`);
    if (stat.size > LARGEST_FILE) throw wrong(`${flag} ${quote(file)} is too large for a file in PEM`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = codeOf(error);
    throw wrong(
      code === "ENOENT"
        ? `${flag} ${quote(file)} is not there; give a file in PEM`
        : `${flag} ${quote(file)} cannot be read by this user`,
    );
  }
}

type Chain = readonly [X509Certificate, ...X509Certificate[]];

function chainOf(pem: string, file: string): Chain {
  const [leaf, ...issuers] = parsed(pem, file);
  if (leaf !== undefined) return [leaf, ...issuers];
  const hint = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)
    ? "it is a private key; are --tls-cert and --tls-key swapped"
    : "give a file with -----BEGIN CERTIFICATE-----";
  throw wrong(`--tls-cert ${quote(file)} has no certificate in PEM; ${hint}`);
}

function parsed(pem: string, file: string): X509Certificate[] {
  try {
    return certificatesIn(pem);
  } catch {
    throw wrong(`--tls-cert ${quote(file)} has a certificate that is damaged; copy it again`);
  }
}

function privateKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ERR_MISSING_PASSPHRASE")
      throw wrong(`--tls-key ${quote(file)} needs a passphrase; give a key without one, as openssl pkey writes it`);
    throw wrong(`--tls-key ${quote(file)} has no private key in PEM; give a file with -----BEGIN PRIVATE KEY-----`);
  }
}

function notAPair(chain: Chain, secret: KeyObject, certFile: string, keyFile: string): CommandError {
  const later = chain.findIndex((other) => other.checkPrivateKey(secret));
  const hint =
    later > 0 ? `its certificate is number ${later + 1} in the file and must be the first` : "give the pair that is";
  return wrong(`--tls-key ${quote(keyFile)} does not belong to --tls-cert ${quote(certFile)}; ${hint}`);
}

function checkDates({ validFrom, validTo }: X509Certificate, file: string, now: number): void {
  if (now > Date.parse(validTo))
    throw wrong(`--tls-cert ${quote(file)} has expired on ${day(validTo)}; give one that is valid`);
  if (now < Date.parse(validFrom))
    throw wrong(`--tls-cert ${quote(file)} is not valid before ${day(validFrom)}; is the clock of this machine right`);
}

/** A date of a certificate ("Oct 28 08:23:06 2126 GMT") as 2126-10-28. */
function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}

function wrong(sentence: string): CommandError {
  return new CommandError(Exit.config, sentence);
}
