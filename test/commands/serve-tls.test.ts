import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { connect as connectTls } from "node:tls";
import { Inbox } from "../support/inbox.ts";
import { Program, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";
import { testCertificate } from "../support/tls.ts";

const PAIR = ["cert", "key"].flatMap((what) => [
  `--tls-${what}`,
  resolve(import.meta.dir, `../support/tls/localhost.${what === "cert" ? "crt" : "key"}`),
]);

/** The port of a door's listener for TLS. */
function tlsPort(tincan: Tincan, door: string): number {
  const found = tincan.ready.doors[door]?.listeners.find(({ transport }) => transport === "tls");
  if (found?.port === undefined) throw new Error(`${door} does not speak TLS`);
  return found.port;
}

/** What one exchange over TLS brings until `end`, with the certificate checked. */
async function over(port: number, say: string, end: string): Promise<string> {
  const inbox = new Inbox("the TLS client");
  const socket = connectTls({ host: "127.0.0.1", port, ca: testCertificate.cert, servername: "localhost" });
  socket.on("data", (chunk: Buffer) => inbox.push(chunk));
  socket.on("error", (error) => inbox.end(`broke (${error.message})`));
  socket.on("close", () => inbox.end("closed"));
  socket.write(say);
  const heard = await inbox.readUntil(end);
  socket.destroy();
  return heard;
}

test("a certificate opens the doors that speak TLS, on ports of their own", async () => {
  await using tincan = await startTincan(PAIR);
  expect(await over(tlsPort(tincan, "framed"), "\0\0\0\x05hello", "HELLO")).toContain("\0\0\0\x05HELLO");
  expect(await over(tlsPort(tincan, "line"), "/quit\n", "good-bye")).toContain("you are guest");
  for (const door of ["framed", "line"]) expect(tlsPort(tincan, door)).not.toBe(tincan.port(door));
  expect(tincan.ready).toMatchObject({ certificate: { sha256: expect.stringMatching(/^E2:67:/) } });
});

test("off for the plain port leaves the one for TLS, and the other way round", async () => {
  await using tincan = await startTincan([...PAIR, "--line-port", "off", "--framed-tls-port", "off"]);
  const transports = Object.entries(tincan.ready.doors).map(([name, { listeners }]) => [
    name,
    [...new Set(listeners.map(({ transport }) => transport))],
  ]);
  expect(transports).toEqual([
    ["line", ["tls"]],
    ["http", ["tcp", "tls"]],
    ["echo", ["tcp", "udp"]],
    ["framed", ["tcp"]],
  ]);
  expect(tincan.port("line")).toBe(tlsPort(tincan, "line"));
});

test("a Unix socket speaks TLS where it is the port for TLS", async () => {
  using folder = new TempFolder();
  const path = folder.file("tls.sock");
  await using tincan = await startTincan([...PAIR, "--doors", "line", "--telnets-port", `unix:${path}`]);
  expect(tincan.ready.doors["line"]?.listeners).toContainEqual({ transport: "unix", host: path, port: 0 });
  const inbox = new Inbox("the TLS client");
  const socket = connectTls({ path, ca: testCertificate.cert, servername: "localhost" });
  socket.on("data", (chunk: Buffer) => inbox.push(chunk));
  await inbox.readUntil("you are guest");
  socket.destroy();
});

test("what is no TLS is closed, and the others are served", async () => {
  await using tincan = await startTincan([...PAIR, "--doors", "framed"]);
  const port = tlsPort(tincan, "framed");
  using stranger = await connect({ port });
  const { peer: name } = stranger;
  await stranger.write("GET / HTTP/1.0\r\n\r\n");
  await stranger.readAll().catch(() => {});
  const event = await tincan.closed(name);
  expect(event).toMatchObject({ reason: "violation", detail: "the TLS handshake failed: HTTP_REQUEST" });
  using leaver = await connect({ port });
  const { peer } = leaver;
  leaver.halfClose();
  expect(await tincan.closed(peer)).toMatchObject({ reason: "peer", level: "debug" });
  expect(await over(port, "\0\0\0\x02ok", "OK")).toContain("OK");
});

test("a full server closes at a port for TLS too", async () => {
  await using tincan = await startTincan([...PAIR, "--doors", "framed", "--max-connections", "1"]);
  const port = tlsPort(tincan, "framed");
  using first = await connect({ port: tincan.port("framed") });
  await first.write("\0\0\0\x02ok");
  await first.readExactly(6);
  // It may be closed before the client knows that it was open.
  await connect({ port }).then(
    (second) => second.closed,
    () => {},
  );
  expect(await tincan.waitForEvent(({ event }) => event === "refused")).toMatchObject({ door: "framed" });
});

test("people are told how TLS is reached and what the fingerprint is, in rows of 80 columns", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("share"));
  await Bun.write(folder.file("share/hello.txt"), "hello");
  const args = [
    "serve",
    folder.file("share"),
    "--base-port",
    "0",
    "--state-dir",
    folder.file("state"),
    "--tls-self-signed",
  ];
  const prints: string[] = [];
  for (const _ of [1, 2]) {
    await using program = new Program([TINCAN, ...args]);
    const said = await program.stdout.readUntil("Ctrl-C\n");
    expect(said).toMatch(/^Over TLS:\n\n {2}line {4}openssl s_client -quiet -connect 127\.0\.0\.1:\d+$/m);
    expect(said).toMatch(/^ {2}ftp {5}curl -k ftps:\/\/127\.0\.0\.1:\d+\/ {2}\(and AUTH TLS on \d+\)$/m);
    const [print = ""] = /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/m.exec(said) ?? [];
    prints.push(print);
    // As it would be pasted, over two rows.
    const [, pasted = ""] =
      /^ {2}framed {2}(\S+ ls --tls 127\.0\.0\.1:\d+ \\\n {2}--fingerprint [0-9A-F]{64})$/m.exec(said) ?? [];
    expect(await run(["sh", "-c", pasted])).toEqual({ code: 0, stdout: "hello.txt\n", stderr: "" });
    const rows = said.split("\n").filter((line) => line !== print);
    for (const line of rows) expect(line.replace(TINCAN, "tincan").length).toBeLessThanOrEqual(80);
    program.kill("SIGTERM");
    expect(await program.exited()).toBe(0);
  }
  expect(prints[0]).toMatch(/:/);
  expect(prints[1]).toBe(prints[0] ?? "");
});

test("the smoke test talks to the ports for TLS", async () => {
  for (const flags of [PAIR, []]) {
    const { code, stdout, stderr } = await run([TINCAN, "serve", "--smoke", ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const door of ["line", "framed"]) expect(stdout).toMatch(new RegExp(`${door} tls 127.0.0.1 \\d+: ok`));
  }
});

test.each([
  [["--tls-cert", "x.pem"], "--tls-cert needs its private key as well; give --tls-key"],
  [["--tls-key", "x.pem"], "--tls-key needs its certificate as well; give --tls-cert"],
  [["--tls-cert", "x.pem", "--tls-key", "y.pem"], '--tls-cert "x.pem" is not there; give a file in PEM'],
  [["--telnets-port", "0"], "--telnets-port needs a certificate; give --tls-cert and --tls-key, or --tls-self-signed"],
])("settings of TLS that cannot work are 78: %p", async (flags, said) => {
  const { code, stdout, stderr } = await run([TINCAN, "serve", "--base-port", "0", ...flags]);
  expect({ code, stdout, stderr }).toEqual({ code: 78, stdout: "", stderr: `tincan: ${said}\n` });
});

test("people who are shown no files are told how to chat over TLS", async () => {
  using folder = new TempFolder();
  const args = ["--doors", "framed", "--base-port", "0", "--framed-port", "off", "--state-dir", folder.file("state")];
  await using program = new Program([TINCAN, "serve", ...args, "--tls-self-signed"]);
  const said = await program.stdout.readUntil("Ctrl-C\n");
  const [, pasted = ""] = /^ {2}framed {2}.* {2}(\S+ chat --tls \S+ \\\n {2}--fingerprint \S+)$/m.exec(said) ?? [];
  expect(await run(["sh", "-c", pasted], { input: "hello\n" })).toEqual({ code: 0, stdout: "", stderr: "" });
  program.kill("SIGTERM");
  expect(await program.exited()).toBe(0);
});
