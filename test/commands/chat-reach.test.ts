import { describe, expect, test } from "bun:test";
import { FramedClient } from "../support/frames.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";
import { Screen } from "./screen.ts";

const SECURE = ["--doors", "framed", "--tls-self-signed"];

function tlsPort(tincan: Tincan): number {
  return tincan.ready.doors["framed"]?.listeners.find(({ transport }) => transport === "tls")?.port ?? 0;
}

function fingerprintOf(tincan: Tincan): string {
  const { certificate } = tincan.ready as unknown as { readonly certificate: { readonly sha256: string } };
  return certificate.sha256;
}

/** Says a line, as ann, through whatever the arguments reach. */
function say(line: string, ...args: readonly string[]) {
  return run([TINCAN, "chat", ...args], { input: `${line}\n` });
}

describe("tincan chat over TLS", () => {
  test("talks with the server that has the fingerprint, the certificate, or any", async () => {
    await using tincan = await startTincan(SECURE);
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    const where = `127.0.0.1:${tlsPort(tincan)}`;
    const ways = [
      ["--tls", "--fingerprint", fingerprintOf(tincan), where],
      ["--tls", "--ca", tincan.folder.file("state/tls/self-signed.crt"), where],
      ["--tls", "--insecure", where],
      ["--insecure", `tincans://${where}`],
    ];
    for (const [at, way] of ways.entries()) {
      expect(await say(`line ${at}`, ...way)).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(await bob.event("message")).toMatchObject({ text: `line ${at}` });
    }
  });

  test("says nothing to a server that it does not know, and what to do", async () => {
    await using tincan = await startTincan(SECURE);
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    const secure = `127.0.0.1:${tlsPort(tincan)}`;
    const wrong = "00".repeat(32);
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["--tls", secure], /^tincan: cannot trust 127\.0\.0\.1:\d+: .*; give --fingerprint .*--insecure.*\n$/],
      [
        ["--tls", "--fingerprint", wrong, secure],
        /^tincan: cannot trust .* has the fingerprint [0-9A-F:]+, not the one/,
      ],
      [
        ["--tls", "--insecure", `127.0.0.1:${tincan.port("framed")}`],
        /^tincan: cannot trust .*does not speak TLS there/,
      ],
    ];
    for (const [args, words] of cases) {
      const { code, stderr } = await say("secret", ...args);
      expect(stderr).toMatch(words);
      expect(code).toBe(1);
    }
    expect(await bob.request("history", { room: "#lobby" })).toMatchObject({ events: [] });
  });
});

test("/files says how a file is got from a server that is reached over TLS", async () => {
  using folder = new TempFolder();
  await Bun.write(folder.file("hello.txt"), "hello");
  await using tincan = await startTincan([folder.path, ...SECURE]);
  const print = fingerprintOf(tincan);
  const where = `127.0.0.1:${tlsPort(tincan)}`;
  const { stderr } = await say("/files", "--commands", "--tls", "--fingerprint", print, where);
  expect(stderr).toContain(`-- get one: tincan get --tls --fingerprint ${print} ${where}/hello.txt\n`);
});

describe("tincan chat for an account", () => {
  async function withAnn() {
    const tincan = await startTincan(["--doors", "framed"]);
    const args = ["user", "add", "ann", "--state-dir", tincan.folder.file("state")];
    expect(await run([TINCAN, ...args], { input: "correct horse\n" })).toMatchObject({ code: 0 });
    return tincan;
  }

  test("logs in with the password of the environment, and has the account's name", async () => {
    await using tincan = await withAnn();
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    const where = `ann@127.0.0.1:${tincan.port("framed")}`;
    const said = (password: string, ...more: readonly string[]) =>
      run([TINCAN, "chat", where, ...more], { input: "hello\n", env: { TINCAN_PASSWORD: password } });
    expect(await said("correct horse")).toMatchObject({ code: 0, stderr: "" });
    expect(await bob.event("message")).toMatchObject({ from: "ann", text: "hello" });
    expect(await said("correct horse", "--name", "annie")).toMatchObject({ code: 0 });
    expect(await bob.event("message")).toMatchObject({ from: "annie" });
    expect(await said("wrong horse")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^tincan: .*password/) });
  });

  test("asks for the password on a terminal, and then talks on it", async () => {
    await using tincan = await withAnn();
    const command = [TINCAN, "chat", `ann@127.0.0.1:${tincan.port("framed")}`];
    await using terminal = new Program(command, { terminal: true, env: { TERM: "xterm", NO_COLOR: "1" } });
    const screen = new Screen(terminal.stdout);
    await screen.has(`Password of "ann" at 127.0.0.1:${tincan.port("framed")}: |`);
    await terminal.write("correct horse\r");
    await screen.has("#lobby> |");
    await terminal.write("hello\r");
    await screen.shows("ann: hello");
    expect(screen.rows.join("\n")).not.toContain("horse");
    await terminal.write("/quit\r");
    expect(await terminal.exited()).toBe(0);
  });

  test("sends no password in the clear off this machine", async () => {
    const { code, stderr } = await run([TINCAN, "chat", "ann@192.0.2.1"], {
      env: { TINCAN_PASSWORD: "correct horse" },
    });
    expect(code).toBe(64);
    expect(stderr).toContain("add --tls");
  });
});

test.each([
  ["127.0.0.1/photos", 'there is a path in "127.0.0.1/photos"; write HOST, HOST:PORT or USER@HOST'],
  ["@127.0.0.1", 'there is no name before the @ in "@127.0.0.1"; write HOST, HOST:PORT or USER@HOST'],
  ["127.0.0.1:x", '"x" is not a port in "127.0.0.1:x"; try HOST, HOST:PORT or [IPv6]:PORT'],
  ["http://x", '"http://x" is for a browser; write HOST, HOST:PORT or USER@HOST'],
])("%s is no place for a chat", async (host, words) => {
  expect(await run([TINCAN, "chat", host])).toEqual({ code: 64, stdout: "", stderr: `tincan: ${words}\n` });
});
