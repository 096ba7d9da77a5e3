import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const BYTES = Buffer.alloc(20_000_003, "over TLS");

let share: TempFolder;
let tincan: Tincan;
let host: string;
let fingerprint: string;

beforeAll(async () => {
  share = new TempFolder();
  await Bun.write(share.file("big.bin"), BYTES);
  tincan = await startTincan([share.path, "--doors", "framed", "--tls-self-signed", "--allow-upload"]);
  const { doors, certificate } = tincan.ready as typeof tincan.ready & { certificate: { sha256: string } };
  host = `127.0.0.1:${doors["framed"]?.listeners.find(({ transport }) => transport === "tls")?.port}`;
  fingerprint = certificate.sha256;
});

afterAll(async () => {
  await tincan[Symbol.asyncDispose]();
  share[Symbol.dispose]();
});

const cli = (cwd: TempFolder, ...args: readonly string[]) => run([TINCAN, ...args], { cwd: cwd.path });

test("files over TLS both ways, from the server with this fingerprint", async () => {
  using here = new TempFolder();
  for (const shown of [fingerprint, fingerprint.replaceAll(":", "").toLowerCase()]) {
    const trust = ["--tls", "--fingerprint", shown];
    expect((await cli(here, "ls", host, ...trust)).stdout).toContain("big.bin\n");
  }
  const trust = ["--tls", "--fingerprint", fingerprint];
  expect((await cli(here, "get", `${host}/big.bin`, ...trust)).code).toBe(0);
  expect(readFileSync(here.file("big.bin")).equals(BYTES)).toBe(true);
  expect((await cli(here, "put", "big.bin", `tincans://${host}/up.bin`, "--fingerprint", fingerprint)).code).toBe(0);
  expect(readFileSync(share.file("up.bin")).equals(BYTES)).toBe(true);
});

test("a certificate given by --ca is trusted, for the names and addresses that stand in it", async () => {
  using here = new TempFolder();
  const pem = tincan.folder.file("state/tls/self-signed.pem");
  expect((await cli(here, "ls", "--tls", "--ca", pem, host)).code).toBe(0);
});

test("a certificate that signs itself is not trusted unless told to, and it is told how", async () => {
  using here = new TempFolder();
  const { code, stderr } = await cli(here, "ls", "--tls", host);
  expect([code, stderr]).toEqual([1, expect.stringContaining("--fingerprint with what the server printed, --ca FILE")]);
  expect((await cli(here, "ls", "--tls", "--insecure", host)).code).toBe(0);
});

test("another certificate than the expected one is refused before anything is said", async () => {
  using here = new TempFolder();
  const { code, stderr } = await cli(here, "ls", "--tls", "--fingerprint", "AB".repeat(32), host);
  expect([code, stderr]).toEqual([1, expect.stringContaining(fingerprint)]);
  expect((await cli(here, "ls", "--tls", "--fingerprint", "AB", host)).code).toBe(64);
  expect((await cli(here, "ls", "--tls", "--ca", "none", host)).code).toBe(64);
});

test("TLS and none do not meet, and it is told which is where", async () => {
  using here = new TempFolder();
  const plain = await cli(here, "ls", "--tls", "--insecure", `127.0.0.1:${tincan.port("framed")}`);
  expect([plain.code, plain.stderr]).toEqual([1, expect.stringContaining("does not speak TLS there")]);
  const nobody = await cli(here, "ls", "--tls", "127.0.0.1:1");
  expect([nobody.code, nobody.stderr]).toEqual([
    1,
    "tincan: cannot reach 127.0.0.1:1: nobody listens for TLS there; the server needs --tls-self-signed or --tls-cert for that, or leave out --tls\n",
  ]);
  const secure = await cli(here, "ls", host);
  expect([secure.code, secure.stderr]).toEqual([1, expect.stringContaining("speaks TLS, so add --tls")]);
});
