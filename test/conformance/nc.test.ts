import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { LineUser } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

const nc = client("nc");
const host = "127.0.0.1";

describe("netcat-openbsd", () => {
  nc.test("is answered in upper case over TCP, line after line", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await using program = new Program([nc.path, host, String(tincan.port("echo"))]);
    for (const line of ["hello", "Straße 7", "", "x".repeat(5000)]) {
      await program.write(`${line}\n`);
      expect(await program.stdout.readLine()).toBe(line.replace(/[a-z]/g, (letter) => letter.toUpperCase()));
      nc.exchanged();
    }
  });

  nc.test("gets its answer after it has half-closed: printf hi | nc -N", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const { code, stdout } = await run([nc.path, "-N", host, String(tincan.port("echo"))], { input: "hi" });
    expect(stdout).toBe("HI");
    expect(code).toBe(0);
    nc.exchanged();
  });

  nc.test("is answered over IPv6 on the same port", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const { stdout } = await run([nc.path, "-6", "-N", "::1", String(tincan.port("echo"))], { input: "six\n" });
    expect(stdout).toBe("SIX\n");
    nc.exchanged();
  });

  nc.test("is answered over UDP: nc -u", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await using program = new Program([nc.path, "-u", host, String(tincan.port("echo"))]);
    for (const line of ["hello", "datagram", "x".repeat(1400)]) {
      await program.write(`${line}\n`);
      expect(await program.stdout.readLine()).toBe(line.toUpperCase());
      nc.exchanged();
    }
  });

  nc.test("pipes a megabyte through the echo door and gets every byte", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const input = "The quick brown fox jumps over the lazy dog.\n".repeat(24_000);
    const { stdout } = await run([nc.path, "-N", host, String(tincan.port("echo"))], { input });
    expect(stdout === input.toUpperCase()).toBe(true);
    nc.exchanged();
  });

  nc.test("chats: two people see each other's lines and never their own", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    const port = String(tincan.port("line"));
    await using first = new Program([nc.path, host, port]);
    await using second = new Program([nc.path, host, port]);
    const ann = await LineUser.at(first).isCalled("ann");
    const bob = await LineUser.at(second).isCalled("bob");
    await ann.say("hello");
    expect(await bob.hears(/ann: /)).toBe("ann: hello");
    await bob.say("/me waves");
    expect(await ann.hears(/^\* /)).toBe("* bob waves");
    await bob.say("done");
    expect(await ann.hears(/^bob: |^ann: /)).toBe("bob: done");
    nc.exchanged(3);
  });

  nc.test("ends with the connection when its user says /quit", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    const { code } = await run([nc.path, host, String(tincan.port("line"))], { input: "/quit\n" });
    expect(code).toBe(0);
    nc.exchanged();
  });

  nc.test("says a last line that has no newline: printf hi | nc -N", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    const port = String(tincan.port("line"));
    await using listening = new Program([nc.path, host, port]);
    const ann = await LineUser.at(listening).isCalled("ann");
    await run([nc.path, "-N", host, port], { input: "/nick bob\nunfinished" });
    expect(await ann.hears("unfinished")).toBe("bob: unfinished");
    nc.exchanged();
  });

  nc.test("reaches a door on a Unix socket: nc -U", async () => {
    using folder = new TempFolder();
    const path = folder.file("echo.sock");
    await using tincan = await startTincan(["--doors", "echo", "--echo-port", `unix:${path}`]);
    expect(tincan.ready.doors["echo"]?.listeners.map(({ transport }) => transport)).toEqual(["unix"]);
    const { stdout } = await run([nc.path, "-N", "-U", path], { input: "path\n" });
    expect(stdout).toBe("PATH\n");
    nc.exchanged();
  });
});
