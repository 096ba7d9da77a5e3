import { describe, expect } from "bun:test";
import { statSync } from "node:fs";
import { client } from "../support/clients.ts";
import { LineUser } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

const socat = client("socat");

describe("socat", () => {
  socat.test("is answered over TCP, IPv4 and IPv6", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const port = tincan.port("echo");
    for (const target of [`TCP4:127.0.0.1:${port}`, `TCP6:[::1]:${port}`]) {
      const { code, stdout } = await run([socat.path, "-t10", "-", target], { input: "through socat\n" });
      expect({ code, stdout }).toEqual({ code: 0, stdout: "THROUGH SOCAT\n" });
      socat.exchanged();
    }
  });

  socat.test("is answered over UDP, an empty datagram by an empty one", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await using program = new Program([socat.path, "-", `UDP:127.0.0.1:${tincan.port("echo")}`]);
    await program.write("datagram\n");
    expect(await program.stdout.readLine()).toBe("DATAGRAM");
    socat.exchanged();
  });

  socat.test("chats through a Unix socket that only its owner may use", async () => {
    using folder = new TempFolder();
    const path = folder.file("chat.sock");
    await using tincan = await startTincan(["--doors", "line", "--line-port", `unix:${path}`]);
    expect(tincan.ready.doors["line"]?.listeners[0]?.transport).toBe("unix");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await using first = new Program([socat.path, "-", `UNIX-CONNECT:${path}`]);
    await using second = new Program([socat.path, "-", `UNIX-CONNECT:${path}`]);
    const ann = await LineUser.at(first).isCalled("ann");
    const bob = await LineUser.at(second).isCalled("bob");
    await ann.say("over a path");
    expect(await bob.hears("ann: ")).toBe("ann: over a path");
    await bob.say("and back");
    expect(await ann.hears("bob: ")).toBe("bob: and back");
    socat.exchanged(2);
  });

  socat.test("finds the path free again after the daemon has gone, and after one was killed", async () => {
    using folder = new TempFolder();
    const path = folder.file("echo.sock");
    const flags = ["--doors", "echo", "--echo-port", `unix:${path}`];
    const killed = await startTincan(flags);
    expect(await killed.stop("SIGKILL")).not.toBe(0);
    await killed[Symbol.asyncDispose]();
    expect(statSync(path).isSocket()).toBe(true);
    await using tincan = await startTincan(flags);
    const { stdout } = await run([socat.path, "-t10", "-", `UNIX-CONNECT:${path}`], { input: "again\n" });
    expect(stdout).toBe("AGAIN\n");
    socat.exchanged();
    expect(await tincan.stop()).toBe(0);
    expect(() => statSync(path)).toThrow("ENOENT");
  });
});
