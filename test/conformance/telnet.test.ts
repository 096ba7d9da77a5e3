import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { LineUser, lineClient } from "../support/line-user.ts";
import { Program } from "../support/program.ts";
import { startTincan } from "../support/tincan.ts";

const telnet = client("telnet");
const expectProgram = client("expect");
const host = "127.0.0.1";

/** GNU telnet as a person runs it: in a terminal, Enter is CR. */
function dial(port: number): Program {
  return new Program([telnet.path, host, String(port)], { terminal: true });
}

describe("GNU telnet in a terminal", () => {
  telnet.test("greets, names /help, and every line starts at the left edge", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = dial(tincan.port("line"));
    const greeting = await program.stdout.readUntil("/help");
    const lines = greeting.split("\n").slice(0, -1);
    for (const line of lines) expect(line).toEndWith("\r");
    expect(greeting).not.toContain("\x1b[");
    telnet.exchanged();
  });

  telnet.test("chats with a plain socket, in both directions", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = dial(tincan.port("line"));
    const ann = await LineUser.at(program, "\r").isCalled("ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await ann.say("grüße aus telnet");
    expect(await bob.user.hears("ann: ")).toBe("ann: grüße aus telnet");
    await bob.user.say("hello telnet");
    expect((await ann.hears("bob: ")).replace("\r", "")).toBe("bob: hello telnet");
    telnet.exchanged(2);
  });

  telnet.test("answers Are You There without disturbing the line that is being typed", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = dial(tincan.port("line"));
    const ann = await LineUser.at(program, "\r").isCalled("ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await program.write("\x1d");
    await program.stdout.readUntil("telnet> ");
    await program.write("send ayt\r");
    await program.stdout.readUntil("[tincan: yes]");
    await ann.say("still here");
    expect(await bob.user.hears("ann: ")).toBe("ann: still here");
    telnet.exchanged(2);
  });

  telnet.test("may send every command that it knows, and the text stays clean", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = dial(tincan.port("line"));
    const ann = await LineUser.at(program, "\r").isCalled("ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await program.write("\x1d");
    await program.stdout.readUntil("telnet> ");
    await program.write("send nop ga eor ao brk ip el ec abort susp eof synch ayt\r");
    await program.stdout.readUntil("[tincan: yes]");
    await ann.say("clean");
    expect(await bob.user.hears("ann: ")).toBe("ann: clean");
    telnet.exchanged();
  });

  telnet.test("sends one key at a time in character mode: the server erases what was rubbed out", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    await using program = dial(tincan.port("line"));
    await LineUser.at(program, "\r").isCalled("ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await program.write("\x1d");
    await program.stdout.readUntil("telnet> ");
    await program.write("mode character\r");
    for (const key of "helpo\x7f\x7flo\x08o\r") await program.write(key);
    expect(await bob.user.hears("ann: ")).toBe("ann: hello");
    telnet.exchanged();
  });

  telnet.test("is echoed in upper case", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await using program = dial(tincan.port("echo"));
    await program.stdout.readUntil("Escape character");
    await program.write("shout\r");
    await program.stdout.readUntil("SHOUT");
    telnet.exchanged();
  });

  expectProgram.test("follows an expect script, as a course would test it", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    const script = `
      set timeout 10
      spawn ${telnet.path} ${host} ${tincan.port("line")}
      expect "/help" {} timeout { exit 3 }
      send "/nick eve\\r"
      expect -re {-- [^\\n]*eve} {} timeout { exit 4 }
      send "/who\\r"
      expect -re {eve} {} timeout { exit 5 }
      send "/quit\\r"
      expect "closed by foreign host" {} timeout { exit 6 }
      exit 0`;
    await using program = new Program([expectProgram.path, "-c", script]);
    expect(await program.exited(45_000)).toBe(0);
    expectProgram.exchanged(3);
  });
});
