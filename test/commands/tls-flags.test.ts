import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

const PEM = resolve(import.meta.dir, "../support/tls/localhost.crt");
const PRINT = "AB".repeat(32);

/** A server that counts who comes. */
function trap() {
  const met = { connections: 0 };
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        met.connections += 1;
        socket.end();
      },
      data() {},
    },
  });
  return { met, where: `127.0.0.1:${server.port}`, [Symbol.dispose]: () => server.stop(true) };
}

describe("a flag that needs TLS, without it, is refused before anybody is spoken to", () => {
  const commands: readonly (readonly [string, ...string[]])[] = [
    ["chat", "HOST"],
    ["ls", "HOST/a"],
    ["get", "HOST/a"],
    ["get", "HOST/a", "ftp://HOST/b"],
    ["put", "/etc/hostname", "ann@HOST/"],
    ["rm", "HOST/a"],
    ["rm", "tincans://HOST/a", "HOST/b"],
    ["mkdir", "HOST/a"],
    ["mv", "HOST/a", "HOST/b"],
  ];
  const flags = [["--fingerprint", PRINT], ["--ca", "/nope"], ["--ca", PEM], ["--insecure"]] as const;
  test.each(commands)("%s %s %s", async (command, ...args) => {
    using server = trap();
    const given = args.map((arg) => arg.replace("HOST", server.where));
    const host = `${args.join().includes("ann@") ? "ann@" : ""}${server.where}`;
    for (const [flag, ...value] of flags) {
      const said = await run([TINCAN, command, flag, ...value, ...given], { env: { TINCAN_PASSWORD: "secret" } });
      const stderr = `tincan: ${flag} needs --tls, without which "${host}" is spoken to in the clear\n`;
      expect(said).toEqual({ code: 64, stdout: "", stderr });
    }
    expect(server.met.connections).toBe(0);
  });

  test.each([
    [["--fingerprint", PRINT, "https://HOST/"], "--fingerprint is for HOST/PATH with --tls; "],
    [["--tls", "http://HOST/", "ftp://HOST/"], "--tls is for HOST/PATH; "],
    [["--insecure", "ftp://HOST/a"], "--insecure is for https, and for HOST/PATH with --tls; "],
    [["--ca", PEM, "ftp://HOST/a"], "--ca is for https, and for HOST/PATH with --tls; "],
    [["--fingerprint", PRINT, "https://HOST/", "HOST/a"], "--fingerprint needs --tls"],
  ])("get %p", async (args, words) => {
    using server = trap();
    const { code, stderr } = await run([TINCAN, "get", ...args.map((arg) => arg.replace("HOST", server.where))]);
    expect([code, stderr]).toEqual([64, expect.stringContaining(words)]);
    expect(server.met.connections).toBe(0);
  });
});

test("a file of certificates must be one", async () => {
  using folder = new TempFolder();
  await Bun.write(folder.file("text"), "hello");
  const cases = [
    ["/nope", '--ca "/nope" cannot be read: there is no such file'],
    ["/tmp", '--ca "/tmp" cannot be read: it is a folder'],
    [folder.file("text"), `--ca "${folder.file("text")}" has no certificate in PEM, -----BEGIN CERTIFICATE-----`],
  ] as const;
  for (const [ca, words] of cases) {
    for (const args of [
      ["ls", "--tls", "127.0.0.1:1"],
      ["get", "https://127.0.0.1:1/a"],
    ]) {
      const said = await run([TINCAN, ...args, "--ca", ca], { cwd: folder.path });
      expect(said).toEqual({ code: 64, stdout: "", stderr: `tincan: ${words}\n` });
    }
  }
});
