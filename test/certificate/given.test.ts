import { expect, test } from "bun:test";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { loadCertificate } from "../../src/certificate/load.ts";
import { CommandError } from "../../src/exit.ts";
import { TempFolder } from "../support/temp.ts";
import { testCertificate } from "../support/tls.ts";

const NOW = Date.UTC(2027, 0, 1);
const { cert, key } = testCertificate;

/** What `--tls-cert` and `--tls-key` come to with these contents; the sentence, without the folder, when refused. */
async function given(files: Readonly<Record<string, string>>, tlsCert = "cert", tlsKey = "key", now = NOW) {
  using folder = new TempFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(folder.file(name), text);
  mkdirSync(folder.file("folder"));
  const settings = { tlsCert: folder.file(tlsCert), tlsKey: folder.file(tlsKey), tlsSelfSigned: false, host: [] };
  return await refusal(() => loadCertificate(settings, folder.file("state"), now), folder.path);
}

async function refusal<T>(load: () => Promise<T>, folder = ""): Promise<T | string> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    expect(error.code).toBe(78);
    return error.message.replaceAll(`${folder}/`, "");
  }
}

const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const locked = createPrivateKey(key).export({
  type: "pkcs8",
  format: "pem",
  cipher: "aes-256-cbc",
  passphrase: "pass",
});

test("a pair that belongs together is taken, with text around it", async () => {
  const taken = await given({ cert: `\ufeffsubject=CN = localhost\r\n${cert.replaceAll("\n", "\r\n")}`, key });
  expect(taken).toMatchObject({
    context: testCertificate,
    fingerprint: expect.stringMatching(/^E2:67(:[0-9A-F]{2}){30}$/),
    selfSigned: false,
  });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["missing", { key }, '--tls-cert "cert" is not there; give a file in PEM'],
  ["missing key", { cert }, '--tls-key "key" is not there; give a file in PEM'],
  ["empty", { cert: "", key }, "has no certificate in PEM; give a file with -----BEGIN CERTIFICATE-----"],
  ["swapped", { cert: key, key: cert }, "it is a private key; are --tls-cert and --tls-key swapped"],
  ["damaged", { cert: cert.replace(/MII/, "AAA"), key }, "has a certificate that is damaged; copy it again"],
  ["no key", { cert, key: cert }, '--tls-key "key" has no private key in PEM'],
  ["locked", { cert, key: String(locked) }, '--tls-key "key" needs a passphrase; give a key without one'],
  ["other's key", { cert, key: String(other) }, '--tls-key "key" does not belong to --tls-cert "cert"; give the pair'],
  ["too large", { cert: "x".repeat(1024 * 1024 + 1), key }, "is too large for a file in PEM"],
])("what is %s is explained", async (_, files, said) => {
  expect(await given(files)).toContain(said);
});

test("a folder in place of a file is explained", async () => {
  expect(await given({ key }, "folder")).toBe('--tls-cert "folder" is not a file; give one in PEM');
});

test("a certificate out of its time is explained", async () => {
  const late = await given({ cert, key }, "cert", "key", Date.UTC(2127, 0, 1));
  expect(late).toBe('--tls-cert "cert" has expired on 2126-10-28; give one that is valid');
  const early = await given({ cert, key }, "cert", "key", Date.UTC(2020, 0, 1));
  expect(early).toBe('--tls-cert "cert" is not valid before 2026-11-21; is the clock of this machine right');
});

test("a chain in the wrong order is explained", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  const own = await loadCertificate({ tlsCert: null, tlsKey: null, tlsSelfSigned: true, host: [] }, state, NOW);
  expect(await given({ cert: `${own?.context.cert}${cert}`, key })).toContain(
    "its certificate is number 2 in the file and must be the first",
  );
});

test("a file that may not be read is explained", async () => {
  // Nothing is forbidden to root.
  if (process.getuid?.() === 0) return;
  using folder = new TempFolder();
  writeFileSync(folder.file("cert"), cert);
  chmodSync(folder.file("cert"), 0);
  const settings = { tlsCert: folder.file("cert"), tlsKey: folder.file("key"), tlsSelfSigned: false, host: [] };
  expect(await refusal(() => loadCertificate(settings, folder.file("state"), NOW))).toContain("cannot be read");
});

test.each([
  [{ tlsCert: "a", tlsKey: null, tlsSelfSigned: false }, "--tls-cert needs its private key as well; give --tls-key"],
  [{ tlsCert: null, tlsKey: "a", tlsSelfSigned: true }, "--tls-key needs its certificate as well; give --tls-cert"],
  [{ tlsCert: "a", tlsKey: "b", tlsSelfSigned: true }, "--tls-self-signed and --tls-cert are two certificates"],
])("half of a pair, or two, is refused: %p", async (settings, said) => {
  expect(await refusal(() => loadCertificate({ ...settings, host: [] }, "/nowhere", NOW))).toContain(said);
});
