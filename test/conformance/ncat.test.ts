import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { LineUser, lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { startTincan } from "../support/tincan.ts";

const ncat = client("ncat");
const host = "127.0.0.1";

describe("ncat", () => {
  ncat.test("is answered over TCP and, after its half-close, gets the rest", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const input = "many lines\n".repeat(20_000);
    const { code, stdout } = await run([ncat.path, host, String(tincan.port("echo"))], { input });
    expect(stdout === input.toUpperCase()).toBe(true);
    expect(code).toBe(0);
    ncat.exchanged();
  });

  ncat.test("is answered over UDP", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await using program = new Program([ncat.path, "--udp", host, String(tincan.port("echo"))]);
    for (const line of ["one", "two"]) {
      await program.write(`${line}\n`);
      expect(await program.stdout.readLine()).toBe(line.toUpperCase());
      ncat.exchanged();
    }
  });

  ncat.test("chats with CRLF line ends: ncat -C", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = new Program([ncat.path, "-C", host, String(tincan.port("line"))]);
    const ann = await LineUser.at(program).isCalled("ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await ann.say("crlf");
    expect(await bob.user.hears("ann: ")).toBe("ann: crlf");
    await bob.user.say("seen");
    expect(await ann.hears("bob: ")).toBe("bob: seen");
    ncat.exchanged(2);
  });

  ncat.test("may speak telnet itself: ncat -t", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = new Program([ncat.path, "-t", host, String(tincan.port("line"))]);
    const ann = await LineUser.at(program).isCalled("ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await ann.say("telnet mode");
    expect(await bob.user.hears("ann: ")).toBe("ann: telnet mode");
    ncat.exchanged();
  });
});
