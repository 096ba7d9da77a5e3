import { expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import type { Certificate } from "../../src/certificate/certificate.ts";
import { loadCertificate } from "../../src/certificate/load.ts";
import { TempFolder } from "../support/temp.ts";

const NOW = Date.UTC(2027, 0, 1);
const DAY_MS = 86_400_000;

async function load(state: string, host: readonly string[] = ["127.0.0.1"], now = NOW): Promise<Certificate> {
  const settings = { tlsCert: null, tlsKey: null, tlsSelfSigned: true, host };
  const certificate = await loadCertificate(settings, state, now);
  if (certificate === null) throw new Error("there is none");
  return certificate;
}

test("one is made for every name that clients may use, and belongs to its key", async () => {
  using folder = new TempFolder();
  const { context, fingerprint, selfSigned, unnamed } = await load(folder.file("state"), ["192.0.2.7", "chat.lan"]);
  const made = new X509Certificate(context.cert);
  expect({ selfSigned, unnamed, fingerprint }).toEqual({
    selfSigned: true,
    unnamed: [],
    fingerprint: made.fingerprint256,
  });
  for (const address of ["127.0.0.1", "::1", "192.0.2.7"]) expect(made.checkIP(address)).toBe(address);
  for (const name of ["localhost", "chat.lan"]) expect(made.checkHost(name)).toBe(name);
  expect(made.verify(made.publicKey)).toBe(true);
  expect(made.publicKey.asymmetricKeyDetails?.namedCurve).toMatch(/P-256|prime256v1/);
  expect(context.cert).not.toContain("PRIVATE");
});

test("it is kept for this user alone, with nothing beside it", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  const { context } = await load(state);
  expect(readdirSync(`${state}/tls`).sort()).toEqual(["self-signed.crt", "self-signed.pem"]);
  expect(readFileSync(`${state}/tls/self-signed.crt`, "utf8")).toBe(context.cert);
  const modes = [state, `${state}/tls`, `${state}/tls/self-signed.crt`, `${state}/tls/self-signed.pem`];
  expect(modes.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600, 0o600]);
});

test("it is made once, and anew when it is about to expire", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  const first = await load(state);
  expect((await load(state, ["127.0.0.1"], NOW + 790 * DAY_MS)).fingerprint).toBe(first.fingerprint);
  const late = NOW + 800 * DAY_MS;
  const second = await load(state, ["127.0.0.1"], late);
  expect(second.fingerprint).not.toBe(first.fingerprint);
  expect((await load(state, ["127.0.0.1"], late)).fingerprint).toBe(second.fingerprint);
  expect(readFileSync(`${state}/tls/self-signed.crt`, "utf8")).toBe(second.context.cert);
});

test("daemons that begin at once get the same one", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  const all = await Promise.all(Array.from({ length: 5 }, () => load(state)));
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
});

test("a host that the kept one was not made for is named, a wildcard is not", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  await load(state);
  const { unnamed } = await load(state, ["127.0.0.1", "0.0.0.0", "::", "192.0.2.9"]);
  expect(unnamed).toEqual(["192.0.2.9"]);
});

test("what was kept and is damaged is not replaced behind anybody's back", async () => {
  using folder = new TempFolder();
  const state = folder.file("state");
  mkdirSync(`${state}/tls`, { recursive: true });
  writeFileSync(`${state}/tls/self-signed.pem`, "-----BEGIN CERT");
  await expect(load(state)).rejects.toMatchObject({ code: 78, message: expect.stringContaining("is damaged") });
});

test("without the setting nothing is made", async () => {
  using folder = new TempFolder();
  const settings = { tlsCert: null, tlsKey: null, tlsSelfSigned: false, host: [] };
  expect(await loadCertificate(settings, folder.file("state"), NOW)).toBeNull();
  expect(existsSync(folder.file("state"))).toBe(false);
});
