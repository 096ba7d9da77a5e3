import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, statSync } from "node:fs";
import { FramedClient, type Message } from "../support/frames.ts";
import { lineClient } from "../support/line-user.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

/** A daemon that keeps what is said in this folder. */
function start(state: TempFolder, ...flags: string[]): Promise<Tincan> {
  const kept = flags.includes("--history") ? [] : ["--history", "7d"];
  return startTincan(["--state-dir", state.file("state"), "--chat-rate", "0", ...kept, ...flags]);
}

function enter(tincan: Tincan, fields: Message = {}): Promise<FramedClient> {
  return FramedClient.chat({ port: tincan.port("framed") }, fields);
}

const say = (client: FramedClient, text: string, room = "#lobby") => client.request("say", { room, text });
const read = async (client: FramedClient, fields: Message = {}) =>
  (await client.request("history", { room: "#lobby", ...fields })) as { events: Message[]; oldest: number };
const numbered = ({ epoch, seq }: Message) => `${epoch}:${seq}`;

/** Waits until all that was said is on the disk: a search reads it from there. */
const settle = (client: FramedClient) => client.request("search", { room: "#lobby", text: "settled?" });

describe("a daemon that keeps what is said", () => {
  test("goes on after SIGTERM where it was: events, numbers, topics and rooms", async () => {
    using state = new TempFolder();
    const said: Message[] = [];
    {
      await using tincan = await start(state);
      using ann = await enter(tincan, { name: "ann" });
      for (let n = 1; n <= 300; n++) said.push(await say(ann, `message ${n}`));
      await ann.request("topic", { room: "#lobby", topic: "lunch" });
      await ann.request("join", { room: "#Dev" });
      await say(ann, "in a room of its own", "#Dev");
    }
    await using tincan = await start(state);
    using bob = await enter(tincan, { name: "bob" });
    const next = await say(bob, "hello again");
    expect(next).toMatchObject({ epoch: said[0]?.["epoch"], seq: 302 });
    const { events } = await read(bob, { after: 0 });
    expect(events.slice(0, 300).map(numbered)).toEqual(said.map(numbered));
    expect(events.at(-2)).toMatchObject({ event: "topic", text: "lunch", from: "ann" });
    expect(await bob.request("topic", { room: "#lobby" })).toMatchObject({ topic: "lunch" });
    expect(await bob.request("rooms")).toMatchObject({
      rooms: [
        { room: "#Dev", members: 0, seq: 1 },
        { room: "#lobby", members: 1 },
      ],
    });
    expect(await bob.request("join", { room: "#dev" })).toMatchObject({ room: "#Dev", seq: 1, members: 1 });
  });

  test("goes on after SIGKILL where it was, when all was written", async () => {
    using state = new TempFolder();
    const first = await start(state);
    using ann = await enter(first);
    const said = await say(ann, "written");
    await settle(ann);
    await killed(first);
    await using tincan = await start(state);
    using bob = await enter(tincan);
    expect((await read(bob)).events).toMatchObject([{ text: "written", epoch: said["epoch"], seq: 1 }]);
    expect(await say(bob, "more")).toMatchObject({ epoch: said["epoch"], seq: 2 });
  });

  test("never gives a number twice, whenever it is killed", async () => {
    using state = new TempFolder();
    const told = new Map<string, string>();
    let written = "";
    for (let round = 0; round < 6; round++) {
      const tincan = await start(state);
      using ann = await enter(tincan);
      const { events } = await read(ann);
      if (written !== "") expect(events.map(({ text }) => text)).toContain(written);
      for (const event of events) expect(told.get(numbered(event)) ?? event["text"]).toBe(event["text"] as string);
      for (let n = 0; n < 40; n++) {
        const text = `round ${round}, ${n}`;
        const number = numbered(await say(ann, text));
        expect([number, told.get(number)]).toEqual([number, undefined]);
        told.set(number, text);
        if (n === 10 * round) {
          await settle(ann);
          written = text;
        }
      }
      await killed(tincan);
    }
    await using last = await start(state);
    using ann = await enter(last);
    const { events } = await read(ann, { after: 0 });
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from(seqs, (_, i) => i + 1));
  });

  test("is read and searched at the line door, in Chinese too", async () => {
    using state = new TempFolder();
    {
      await using tincan = await start(state);
      using ann = await lineClient({ port: tincan.port("line") }, "ann");
      await ann.user.say("the meeting is TOMORROW at nine");
      await ann.user.say("明天下午开会");
      await ann.user.say("a line in between");
      await ann.user.say("/rooms");
      await ann.user.hears("-- #lobby");
    }
    await using tincan = await start(state);
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    await bob.user.say("/search tomorrow MEET");
    await bob.user.hears(/^\d\d:\d\d ann: the meeting is TOMORROW at nine$/);
    await bob.user.hears("-- 1 message was found");
    await bob.user.say("/search 开会");
    await bob.user.hears(/^\d\d:\d\d ann: 明天下午开会$/);
    await bob.user.hears("-- 1 message was found");
    await bob.user.say('/search "nothing*');
    await bob.user.hears('-- nothing that was said in #lobby has "\\"nothing*" in it');
    await bob.user.say("/history 2");
    await bob.user.hears(/^\d\d:\d\d ann: 明天下午开会$/);
  });

  test("forgets what is older than it should keep", async () => {
    using state = new TempFolder();
    {
      await using tincan = await start(state);
      using ann = await enter(tincan);
      await say(ann, "soon too old");
    }
    await using tincan = await start(state, "--history", "1ms");
    using ann = await enter(tincan);
    for (let found: unknown = [{}]; (found as unknown[]).length > 0; ) {
      found = (await ann.request("search", { room: "#lobby", text: "soon" }))["events"];
    }
    expect(await read(ann)).toMatchObject({ events: [], oldest: 2 });
  });

  test("tells the chat client that comes back what it missed", async () => {
    using state = new TempFolder();
    {
      await using tincan = await start(state);
      using ann = await enter(tincan, { name: "ann" });
      await say(ann, "said before");
    }
    await using tincan = await start(state);
    const chat = [TINCAN, "chat", `127.0.0.1:${tincan.port("framed")}`, "--commands"];
    const { stdout } = await run(chat, { input: "/search BEFORE said\n" });
    expect(stdout).toContain("ann: said before");
  });
});

test("a daemon that keeps nothing writes nothing, and refuses to search", async () => {
  using state = new TempFolder();
  await using tincan = await start(state, "--history", "off");
  using ann = await enter(tincan);
  await say(ann, "gone");
  expect(await settle(ann)).toMatchObject({ ok: false, error: { code: "no-history" } });
  expect(readdirSync(state.file("state"))).toEqual(["control.sock"]);
});

test("a second daemon with the same state folder leaves the history alone and says so", async () => {
  using state = new TempFolder();
  await using tincan = await start(state);
  using ann = await enter(tincan);
  await say(ann, "the first one's");
  await using second = await start(state);
  await second.waitForEvent(({ event }) => event === "history-unavailable");
  using bob = await enter(second);
  expect((await read(bob)).events).toEqual([]);
  expect(existsSync(state.file("state/history.db"))).toBe(true);
  expect(statSync(state.file("state/history.db")).mode & 0o777).toBe(0o600);
});

test.each(["7", "0d", "-1d", "soon", "1y"])("--history %s is refused", async (value) => {
  const { code, stderr } = await run([TINCAN, "serve", "--history", value]);
  expect(code).toBe(64);
  expect(stderr).toContain("try 7d, forever or off");
});

/** Kills it with SIGKILL and waits for its end. */
async function killed(tincan: Tincan): Promise<void> {
  await tincan.stop("SIGKILL").catch(() => {});
  await tincan[Symbol.asyncDispose]();
}
