import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { startTincan } from "../support/tincan.ts";

const curl = client("curl");

describe("curl", () => {
  curl.test("is told in HTTP that the framed port is the framed port", async () => {
    await using tincan = await startTincan(["--doors", "framed,line"]);
    const url = `http://127.0.0.1:${tincan.port("framed")}/`;
    const { code, stdout } = await run([curl.path, "-sS", "-i", "--max-time", "10", url]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(stdout.toLowerCase()).toContain("framed");
    const closed = await tincan.waitForEvent((event) => event.event === "closed" && event["door"] === "framed");
    expect(closed["reason"]).toBe("violation");
    curl.exchanged();
  });

  curl.test("cannot post into the room: the line door refuses HTTP and closes", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    const url = `http://127.0.0.1:${tincan.port("line")}/`;
    const body = ["--data-binary", "/nick mallory\r\nforged line\r\n"];
    const { code, stdout, stderr } = await run([curl.path, "-sS", "--http0.9", "--max-time", "10", ...body, url]);
    expect([0, 1, 52, 56]).toContain(code);
    expect(`${stdout}${stderr}`).toMatch(/HTTP|chat/i);
    await tincan.waitForEvent((event) => event.event === "closed" && event["reason"] === "violation");
    await ann.user.say("/who");
    await ann.user.hears("ann");
    expect(ann.tcp.inbox.unread.toString()).not.toMatch(/forged|mallory/);
    curl.exchanged();
  });

  curl.test("chats with its telnet scheme", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    await using program = new Program([curl.path, "-sS", "-N", `telnet://127.0.0.1:${tincan.port("line")}`]);
    await program.stdout.readUntil("/help");
    await program.write("/nick bob\n");
    await program.stdout.readLineWith(/^-- .*bob/);
    await program.write("curl speaks telnet\n");
    expect(await ann.user.hears("bob: ")).toBe("bob: curl speaks telnet");
    curl.exchanged(2);
  });

  curl.test("gets its bytes back from the echo door, whatever they are", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const url = `telnet://127.0.0.1:${tincan.port("echo")}`;
    await using program = new Program([curl.path, "-sS", "-N", url]);
    await program.write("up\n");
    expect(await program.stdout.readLine()).toBe("UP");
    curl.exchanged();
  });
});
