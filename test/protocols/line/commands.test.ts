import { describe, expect, test } from "bun:test";
import { commands } from "../../../protocols/line/commands.ts";
import { commandHelp } from "../../../src/slash-commands.ts";
import { Chat } from "./chat.ts";

async function annAndBob() {
  const chat = new Chat();
  const ann = await chat.enter("ann");
  const bob = await chat.enter("bob", ann);
  return { chat, ann, bob };
}

describe("/help", () => {
  test("lists every command of the table, on 80 columns", async () => {
    const { ann } = await annAndBob();
    await ann.type("/help\n");
    const lines = ann.take();
    expect(lines).toHaveLength(commands.length + 1);
    for (const line of lines) expect(line.length).toBeLessThan(80);
    for (const [i, { name, args }] of commands.entries()) {
      expect(lines[i]).toStartWith(`-- /${name} ${args}`.trimEnd());
      expect(lines[i]).toEndWith(commandHelp[name]);
    }
  });

  test("explains one command, with or without its slash", async () => {
    const { ann } = await annAndBob();
    await ann.type("/help msg\n/help /msg\n/help jion\n");
    const usage = "-- /msg NAME TEXT: say something to one person alone";
    expect(ann.take()).toEqual([usage, usage, '-- there is no command "/jion"; did you mean /join?']);
  });
});

describe("what is no command", () => {
  test("is answered with the nearest one", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("/jion #dev\n/hlep\n/frobnicate\n/\n/\x1b[2J\n");
    expect(ann.take()).toEqual([
      '-- there is no command "/jion"; did you mean /join?',
      '-- there is no command "/hlep"; did you mean /help?',
      '-- there is no command "/frobnicate"; /help lists the commands',
      expect.stringMatching(/^-- there is no command "\/";/),
      '-- there is no command "/\\x1b[2J"; /help lists the commands',
    ]);
    expect(bob.take()).toEqual([]);
  });

  test("is a command without what it needs", async () => {
    const { ann } = await annAndBob();
    await ann.type("/nick\n/msg bob\n/me  \n/JOIN\n");
    expect(ann.take()).toEqual([
      "-- /nick NAME: take another name",
      "-- /msg NAME TEXT: say something to one person alone",
      "-- /me TEXT: say what you do: /me waves",
      "-- /join ROOM: come into a room and talk there",
    ]);
  });
});

test("/nick renames, and tells why it does not", async () => {
  const { ann, bob } = await annAndBob();
  await ann.type("/nick anna\n/nick bob\n");
  expect(ann.take()).toEqual(["-- you are now called anna", expect.stringMatching(/^-- .*bob.*in use/)]);
  expect(bob.take()).toEqual(["-- ann is now called anna"]);
});

test("/me and /msg, which only its receiver sees", async () => {
  const { chat, ann, bob } = await annAndBob();
  const eve = await chat.enter("eve", ann, bob);
  await ann.type("/me waves\n/msg bob psst,  you\n/msg nobody hi\n");
  expect(bob.take()).toEqual(["* ann waves", "[ann] psst,  you"]);
  expect(eve.take()).toEqual(["* ann waves"]);
  expect(ann.take()).toEqual([expect.stringMatching(/^-- nobody here is called "nobody"/)]);
});

describe("rooms", () => {
  test("lines of a room that one does not talk in carry its name", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("/join dev\n");
    expect(ann.take()).toEqual(["-- you talk in #dev now", "-- nobody else is here yet"]);
    await bob.type("to the lobby\n/me waves\n/join #DEV\nto dev\n");
    expect(ann.take()).toEqual(["#lobby bob: to the lobby", "#lobby * bob waves", "-- bob joined", "bob: to dev"]);
    await ann.type("/join #lobby\n");
    ann.take();
    await bob.type("still dev\n/leave\n");
    expect(ann.take()).toEqual(["#dev bob: still dev", "#dev -- bob left the room"]);
  });

  test("/leave goes back to the room before, and at last to none", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("/join #dev\n/leave\n/leave\nhello?\n/who\n/leave\n/join #lobby\nhello\n");
    const lines = ann.take().filter((line) => !line.startsWith("-- nobody else"));
    expect(lines).toEqual([
      "-- you talk in #dev now",
      "-- you left #dev; you talk in #lobby now",
      "-- you left #lobby; you are in no room; /join one to talk",
      "-- you are in no room; /join #lobby, or another",
      "-- you are in no room; /join #lobby, or another",
      "-- you are in no room; /join #lobby, or another",
      "-- you talk in #lobby now",
      "-- here: bob",
    ]);
    expect(bob.take()).toEqual(["-- ann left the room", "-- ann joined", "ann: hello"]);
  });

  test("/rooms, /who and /topic", async () => {
    const { ann, bob } = await annAndBob();
    await bob.type("/join #dev\n/topic how to test\n");
    await ann.type("/rooms\n/who\n/who dev\n/who #nowhere\n/topic\n/topic tea\n/topic -\n");
    expect(ann.take()).toEqual([
      "-- #dev: 1 person; how to test",
      "-- #lobby: 2 people",
      "-- in #lobby: ann, bob",
      "-- in #dev: bob",
      expect.stringMatching(/^-- there is no room "#nowhere"/),
      "-- #lobby has no topic",
      "-- the topic of #lobby: tea",
      "-- #lobby has no topic",
    ]);
    expect(bob.take().slice(-2)).toEqual(["#lobby -- ann set the topic: tea", "#lobby -- ann cleared the topic"]);
  });

  test("/rooms lists more than a hundred in pages, and says how many follow", async () => {
    const chat = new Chat();
    const ann = await chat.enter("ann");
    for (let i = 1; i <= 120; i++) {
      const member = await chat.connect();
      await member.type(`/join #r${String(i).padStart(3, "0")}\n`);
    }
    ann.take();
    await ann.type("/rooms\n");
    const first = ann.take();
    // The lobby comes before them.
    expect([first.length, first[0], first.at(-1)]).toEqual([101, "-- #lobby: 121 people", "-- and 21 more: /rooms 2"]);
    await ann.type("/rooms 2\n");
    const second = ann.take();
    expect([second.length, second[0], second.at(-1)]).toEqual([21, "-- #r100: 1 person", "-- #r120: 1 person"]);
    await ann.type("/rooms 3\n/rooms dev\n");
    expect(ann.take()).toEqual(["-- there is no page 3; the last is 2", '-- "dev" is no page; try /rooms 2']);
  });

  test("/who of a full room fits on 80 columns", async () => {
    const chat = new Chat();
    const ann = await chat.enter("ann");
    for (let i = 0; i < 40; i++) await chat.connect();
    ann.take();
    await ann.type("/who\n");
    const lines = ann.take();
    for (const line of lines) expect(line.length).toBeLessThan(80);
    expect(lines.slice(1).every((line) => line.startsWith("--  "))).toBe(true);
    expect(lines.join(" ").match(/guest\d+/g)).toHaveLength(40);
  });
});

test("/history shows what was said, with times and the day", async () => {
  const { ann, bob } = await annAndBob();
  await ann.type("/history\n");
  expect(ann.take()).toEqual(["-- nothing was said in #lobby yet"]);
  await bob.type("one\ntwo\n/me waves\n");
  ann.take();
  await ann.type("/history 2\n/history 0\n/history x\n");
  expect(ann.take()).toEqual([
    expect.stringMatching(/^-- \d{4}-\d\d-\d\d, times in UTC$/),
    expect.stringMatching(/^\d\d:\d\d bob: two$/),
    expect.stringMatching(/^\d\d:\d\d \* bob waves$/),
    '-- "0" is not a number of messages; try /history 50, at most 200',
    '-- "x" is not a number of messages; try /history 50, at most 200',
  ]);
});

describe("/ignore", () => {
  test("hides what somebody says, also privately, under any spelling, until it is undone", async () => {
    const { ann, bob } = await annAndBob();
    await ann.type("/ignore\n/ignore BOB\n/ignore\n");
    expect(ann.take()).toEqual([
      "-- you ignore nobody",
      "-- you hear no more of BOB; /ignore BOB undoes it",
      "-- you ignore BOB",
    ]);
    await bob.type("hello\n/me waves\n/msg ann psst\n/topic bob's\n");
    expect(ann.take()).toEqual(["-- bob set the topic: bob's"]);
    await ann.type("/history\n/ignore bob\n");
    expect(ann.take().slice(1)).toEqual([
      expect.stringMatching(/ -- bob set the topic: bob's$/),
      "-- you hear bob again",
    ]);
    await bob.type("now?\n");
    expect(ann.take()).toEqual(["bob: now?"]);
  });

  test("says when nobody of that name is here, and heeds it all the same", async () => {
    const { chat, ann } = await annAndBob();
    await ann.type("/ignore zed\n");
    expect(ann.take()).toEqual([
      "-- you hear no more of zed, though nobody of that name is here; /ignore zed undoes it",
    ]);
    const zed = await chat.enter("zed", ann);
    await zed.type("hello\n");
    expect(ann.take()).toEqual([]);
  });

  test("is not undone by taking another name", async () => {
    const { chat, ann, bob } = await annAndBob();
    await ann.type("/ignore bob\n");
    await bob.type("/nick rob\nhello\n");
    expect(ann.take().slice(1)).toEqual(["-- bob is now called rob"]);
    const other = await chat.enter("bob", ann);
    await other.type("I am somebody else\n");
    expect(ann.take()).toEqual(["bob: I am somebody else"]);
  });

  test("takes a hundred names and no endless one", async () => {
    const { ann } = await annAndBob();
    await ann.type(
      Array.from({ length: 101 }, (_, i) => `/ignore n${"x".repeat(i % 60)}${"y".repeat(i / 60)}\n`).join(""),
    );
    expect(ann.take().at(-1)).toMatch(/cannot be ignored/);
    await ann.type(`/ignore ${"x".repeat(65)}\n`);
    expect(ann.take()).toEqual([expect.stringMatching(/cannot be ignored/)]);
  });
});
