import { randomBytes, type X509Certificate } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import ipaddr from "ipaddr.js";
import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import { isWildcard, reachable } from "../net/host.ts";
import { makePrivateFolder } from "../state.ts";
import { codeOf } from "../thrown.ts";
import { type Certificate, certificatesIn } from "./certificate.ts";

const DAY_MS = 86_400_000;
/** The longest that Apple's clients accept a server's certificate for, whoever signed it. */
const VALID_DAYS = 825;
/** One that expires sooner is made anew, so that a daemon does not outlive it. */
const LEAST_DAYS = 30;

/**
 * The certificate of `--tls-self-signed`: made once for localhost, this machine's name and the hosts that are listened
 * on, and kept in `tls/` of the state folder (mode 0600), until it is about to expire. `self-signed.pem` has key and
 * certificate in one file, so that no crash leaves half a pair; `self-signed.crt` is for clients that shall trust it.
 * Throws {@link CommandError}: 73 when it cannot be kept, 78 when what was kept is damaged.
 */
export async function selfSigned(stateFolder: string, hosts: readonly string[], now: number): Promise<Certificate> {
  const folder = join(stateFolder, "tls");
  const file = join(folder, "self-signed.pem");
  const kept = keptIn(file);
  if (kept !== null && now < Date.parse(kept.validTo) - LEAST_DAYS * DAY_MS) return use(file, folder, hosts);
  makePrivateFolder(stateFolder);
  makePrivateFolder(folder);
  place(await make(namesFor(hosts), now), file, kept !== null);
  return use(file, folder, hosts);
}

function keptIn(file: string): X509Certificate | null {
  if (!existsSync(file)) return null;
  try {
    const [kept] = certificatesIn(readFileSync(file, "utf8"));
    if (kept !== undefined) return kept;
  } catch {
    // Told below: a person may have reasons to look at it first.
  }
  throw new CommandError(Exit.config, `the kept certificate ${quote(file)} is damaged; remove it and another is made`);
}

function use(file: string, folder: string, hosts: readonly string[]): Certificate {
  const pem = readFileSync(file, "utf8");
  const [certificate] = certificatesIn(pem);
  if (certificate === undefined) throw new CommandError(Exit.config, `${quote(file)} has no certificate; remove it`);
  const cert = `${certificate.toString().trimEnd()}\n`;
  shareCertificate(join(folder, "self-signed.crt"), cert);
  const unnamed = hosts.filter((host) => !isWildcard(host) && !isNamed(certificate, host));
  return { context: { cert, key: pem }, fingerprint: certificate.fingerprint256, selfSigned: true, unnamed };
}

/** The certificate alone, for `curl --cacert` and the like. */
function shareCertificate(file: string, cert: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === cert) return;
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(fresh, cert, { mode: 0o600, flag: "wx" });
  renameSync(fresh, file);
}

function isNamed(certificate: X509Certificate, host: string): boolean {
  return (ipaddr.isValid(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}

/** Two daemons that begin at once get the same one: the first is kept, and both read it. */
function place(pem: string, file: string, replace: boolean): void {
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(fresh, pem, { mode: 0o600, flag: "wx" });
    if (replace) renameSync(fresh, file);
    else linkSync(fresh, file);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw new CommandError(Exit.cannotCreate, `cannot keep a certificate in ${quote(file)}; give another --state-dir`);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** What clients may call this machine: names and addresses. */
function namesFor(hosts: readonly string[]): readonly string[] {
  // An underscore is no letter of a host name, and a name in another script would have to be encoded.
  const own = /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(hostname()) ? [hostname()] : [];
  return [...new Set(["localhost", "127.0.0.1", "::1", ...own, ...hosts.flatMap(reachable)])];
}

/** Loads the library only here: it takes 26 ms and 9 MB, which a certificate that is kept does not need. */
async function make(names: readonly string[], now: number): Promise<string> {
  const { generate } = await import("selfsigned");
  const { private: key, cert } = await generate([{ name: "commonName", value: "tincan" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // Clients whose clocks are a little late take it too.
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + (VALID_DAYS - 1) * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) => (ipaddr.isValid(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return `${key.trimEnd()}\n${cert.trimEnd()}\n`;
}
