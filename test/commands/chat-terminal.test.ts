import { describe, expect, test } from "bun:test";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { FramedClient } from "../support/frames.ts";
import { Program } from "../support/program.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { Screen } from "./screen.ts";

const LEFT = "\x1b[D";
const UP = "\x1b[A";
const HOME = "\x1b[H";

/** Runs a chat in a terminal, hangs up when its prompt is there, and prints how it ended. */
const HANG_UP = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], [sys.argv[1], "chat", sys.argv[2]])
shown = b""
while b"#lobby> " not in shown: shown += os.read(terminal, 4096)
os.close(terminal)
print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const python = client("python3");

/** Somebody at a terminal, and bob, who speaks frames. */
async function scene(before = "", after = "") {
  const tincan = await startTincan(["--doors", "framed"]);
  const bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
  const command = `${before}"$0" chat 127.0.0.1:${tincan.port("framed")} --name ann; ${after}echo exit $?; stty -a`;
  const terminal = new Program(["sh", "-c", command, TINCAN], {
    terminal: true,
    env: { TERM: "xterm", NO_COLOR: "1" },
  });
  const screen = new Screen(terminal.stdout);
  await screen.has("#lobby> |");
  return {
    bob,
    screen,
    type: (keys: string) => terminal.write(keys),
    says: (text: string) => bob.request("say", { room: "#lobby", text }),
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      bob[Symbol.dispose]();
      await tincan[Symbol.asyncDispose]();
    },
  };
}

describe("tincan chat on a terminal", () => {
  test("that says it has no columns is taken to have 80", async () => {
    await using ann = await scene("stty cols 0 rows 0; ");
    const { screen } = ann;
    await ann.type("hello");
    await screen.has("#lobby> hello|");
    await ann.says("hi ann");
    await screen.shows("bob: hi ann");
    await screen.has("#lobby> hello|");
    await ann.type("\r");
    await screen.has("#lobby> |");
  });

  test("messages appear above the line being typed, and the cursor stays, also within wide characters", async () => {
    await using ann = await scene();
    const { screen } = ann;
    await ann.type(`你好世界abc${LEFT.repeat(4)}`);
    await screen.has("#lobby> 你好世|界abc");
    await ann.says("hello");
    await screen.shows("bob: hello");
    await screen.has("#lobby> 你好世|界abc");
    await ann.type("X");
    await screen.has("#lobby> 你好世X|界abc");
    await ann.type("\r");
    expect(await ann.bob.event("message")).toMatchObject({ from: "ann", text: "你好世X界abc" });
    await screen.shows("ann: 你好世X界abc");
    await screen.has("#lobby> |");
    expect(screen.rows.slice(1)).toEqual(["bob: hello", "ann: 你好世X界abc", "#lobby>"]);
  });

  test("a line of several rows stays whole, wherever its cursor is", async () => {
    await using ann = await scene();
    const { screen } = ann;
    // 72 columns are left beside the prompt.
    const row = "0123456789".repeat(7).concat("ab");
    // The row is full, and the cursor waits at its end until more comes.
    await ann.type(row);
    await screen.shows(`#lobby> ${row}`);
    await ann.says("one");
    await screen.shows("bob: one");
    // A paste that goes over into the next row.
    await ann.type(`\x15${row}second 世界`);
    await screen.has("second 世界|");
    await ann.type(`${HOME}X`);
    await screen.has(`#lobby> X|${row.slice(0, -1)}`);
    await ann.says("two");
    await screen.shows("bob: two");
    await screen.has(`#lobby> X|${row.slice(0, -1)}`);
    const [greeting, ...below] = screen.rows;
    expect(greeting).toStartWith("-- you are ann in #lobby;");
    expect(below).toEqual(["bob: one", "bob: two", `#lobby> X${row.slice(0, -1)}`, "bsecond 世界"]);
    await ann.type("\r");
    await screen.has("#lobby> |");
    await screen.shows(`ann: X${row}se`);
    expect(screen.rows.slice(1)).toEqual(["bob: one", "bob: two", `ann: X${row}se`, "cond 世界", "#lobby>"]);
  });

  test.each([
    ["the shell", "set -m; ", "echo stopped; fg; "],
    ["no shell that could wake it", "", ""],
  ])("Ctrl-Z with %s: it goes on with what was typed", async (_, before, after) => {
    await using ann = await scene(before, after);
    const { screen } = ann;
    await ann.type(`${"x".repeat(100)}${HOME}\x1a`);
    if (after !== "") await screen.shows("stopped");
    await screen.has(`#lobby> |${"x".repeat(72)}`);
    await ann.says("hi ann");
    await screen.shows("bob: hi ann");
    await ann.type("y");
    await screen.has(`#lobby> y|${"x".repeat(71)}`);
    await ann.type("\x03");
    await screen.shows("exit 0");
    expect(screen.rows.filter((row) => row.startsWith("#lobby>"))).toEqual([]);
  });

  test("Tab completes commands, rooms and names; Up brings back what was typed", async () => {
    await using ann = await scene();
    const { screen } = ann;
    await ann.type("/jo");
    await screen.has("#lobby> /jo|");
    await ann.type("\t");
    await screen.has("#lobby> /join |");
    await ann.type("#dev\r");
    await screen.has("#dev> |");
    await ann.type("/join #lo");
    await screen.has("#dev> /join #lo|");
    await ann.type("\t");
    await screen.has("#dev> /join #lobby |");
    await ann.type("\r");
    await screen.has("#lobby> |");
    await ann.type("b");
    await screen.has("#lobby> b|");
    await ann.type("\t");
    await screen.has("#lobby> bob: |");
    await ann.type("hi\r");
    expect(await ann.bob.event("message")).toMatchObject({ text: "bob: hi" });
    await screen.has("#lobby> |");
    await ann.type(UP + UP);
    await screen.has("#lobby> /join #lobby |");
  });

  test("commands do what they do at the line door", async () => {
    await using ann = await scene();
    const { screen } = ann;
    const exchanges: readonly (readonly [string, string])[] = [
      ["/nick ann2", "-- you are now called ann2"],
      ["/me waves", "* ann2 waves"],
      ["/msg bob psst", "[to bob] psst"],
      ["/topic tin", "-- ann2 set the topic: tin"],
      ["/topic", "-- the topic of #lobby is: tin"],
      ["/topic -", "-- ann2 cleared the topic"],
      ["/rooms", "-- #lobby (2)"],
      ["/who", "-- in #lobby: ann2, bob"],
      ["//etc", "ann2: /etc"],
      ["/history 1", "-- the last message"],
      ["/jion x", '-- there is no command "/jion"; did you mean /join?'],
      ["/msg bob", "-- /msg NAME TEXT: say something to one person alone"],
      ["/ignore bob", "-- you hear no more of bob; /ignore bob undoes it"],
      ["/help", "-- /files [PATH] [PAGE]  list the files that are shared, and how to get them"],
      ["/leave LOBBY", "-- you left #lobby"],
      ["alone", "-- you are in no room; /join #lobby, or another"],
    ];
    for (const [typed, shown] of exchanges) {
      await ann.type(`${typed}\r`);
      await screen.shows(shown);
    }
    expect(await ann.bob.event("private")).toMatchObject({ from: "ann2", text: "psst" });
    await ann.type("/quit\r");
    await screen.shows("exit 0");
  });

  test("who is ignored stays so in capitals and by another name", async () => {
    await using ann = await scene();
    const { bob, screen } = ann;
    await ann.type("/ignore BOB\r");
    await screen.shows("-- you hear no more of BOB; /ignore BOB undoes it");
    await ann.says("never seen");
    await bob.request("name", { name: "robert" });
    await ann.says("nor this");
    await screen.shows("-- bob is now called robert");
    await ann.type("/ignore\r");
    await screen.shows("-- you ignore robert");
    await ann.type("/ignore Robert\r");
    await screen.shows("-- you hear Robert again");
    await ann.says("hello");
    await screen.shows("robert: hello");
    expect(screen.rows.filter((row) => /never seen|nor this/.test(row))).toEqual([]);
  });

  for (const [key, byte] of Object.entries({ "Ctrl-C": "\x03", "Ctrl-D": "\x04" })) {
    test(`${key} leaves, and gives the terminal back as it was`, async () => {
      await using ann = await scene();
      await ann.type(byte);
      await ann.screen.shows("exit 0");
      await ann.bob.event("quit");
      const settings = () => ann.screen.rows.join(" ");
      await until(() => / icanon /.test(settings()), settings);
      expect(settings()).toMatch(/ echo /);
    });
  }

  python.test("ends when its terminal is gone", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    const command = [python.path, "-c", HANG_UP, TINCAN, `127.0.0.1:${tincan.port("framed")}`] as const;
    await using terminal = new Program(command);
    await bob.event("join");
    expect(await terminal.exited()).toBe(0);
    expect(terminal.stdout.unread.toString()).toBe("exit 0\n");
    await bob.event("quit");
  });
});
