import { describe, expect, test } from "bun:test";
import { PASSWORD } from "../../../accounts/accounts.ts";
import { bring } from "../../../chat/members.ts";
import { Kept } from "../../../history/kept.ts";
import { until } from "../../../support/deadline.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import { codeOf, HttpDoor } from "../door.ts";

const LOBBY = "/api/rooms/lobby/messages";

async function body(answer: Response | Promise<Response>): Promise<unknown> {
  return (await answer).json();
}

describe("words", () => {
  test("are said without coming in, and read again in pages", async () => {
    await using door = await HttpDoor.open();
    const ann = bring(door.hub, { name: "ann" });
    const answer = await door.post(LOBBY, { text: "hi", name: "bot" });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ name: "bot", seq: 1, epoch: expect.any(String) });
    await door.post(LOBBY, { text: "waves", name: "bot", action: true });
    await door.post(LOBBY, { text: "it is <b>小</b>" });
    expect(ann.ear.take()).toMatchObject([
      { event: "message", from: "bot", text: "hi", room: "#lobby" },
      { event: "action", from: "bot", text: "waves" },
      { event: "message", from: "guest1", text: "it is <b>小</b>" },
    ]);
    expect(await body(door.fetch(`${LOBBY}?limit=2`))).toMatchObject({
      events: [{ seq: 2 }, { seq: 3 }],
      next: 2,
      oldest: 1,
    });
    expect(await body(door.fetch(`${LOBBY}?limit=2&before=2`))).toMatchObject({ events: [{ seq: 1 }], next: null });
    expect(await body(door.fetch(`${LOBBY}?after=1&limit=1`))).toMatchObject({ events: [{ seq: 2 }], next: 2 });
    expect(await body(door.fetch("/api/rooms"))).toMatchObject({ rooms: [{ room: "#lobby", seq: 3, members: 1 }] });
  });

  test("of an account are said under its name", async () => {
    await using door = await HttpDoor.open();
    door.accounts.add("ann");
    const Authorization = `Basic ${btoa(`ann:${PASSWORD}`)}`;
    expect(await body(door.post(LOBBY, { text: "hi" }, { Authorization }))).toMatchObject({ name: "ann" });
  });

  const refused: readonly [object, number, string][] = [
    [{ text: "hi", name: "ANN" }, 409, "name-taken"],
    [{ text: "hi", name: "admin" }, 409, "name-reserved"],
    [{ text: "hi", name: "two words" }, 400, "bad-name"],
    [{ text: "a\r\nPRIVMSG" }, 400, "bad-text"],
    [{ text: "\u001b]52;" }, 400, "bad-text"],
    [{ text: "" }, 400, "bad-text"],
    [{ text: "x".repeat(4_001) }, 413, "text-too-long"],
    [{}, 400, "bad-request"],
    [{ text: "hi", action: "yes" }, 400, "bad-request"],
  ];
  test.each(refused.map((row, i) => [row[2], i, ...row] as const))(
    "that are refused: %s (%d)",
    async (_, __, words, status, code) => {
      await using door = await HttpDoor.open();
      bring(door.hub, { name: "ann" });
      const answer = await door.post(LOBBY, words);
      expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
      expect(await body(door.fetch(LOBBY))).toMatchObject({ events: [] });
    },
  );

  test("of a foreign page or a form are not said", async () => {
    await using door = await HttpDoor.open();
    const foreign = await door.post(LOBBY, { text: "hi" }, { Origin: "https://evil.example" });
    expect([foreign.status, await codeOf(foreign)]).toEqual([403, "foreign-origin"]);
    const cross = await door.post(LOBBY, { text: "hi" }, { "Sec-Fetch-Site": "cross-site" });
    expect([cross.status, await codeOf(cross)]).toEqual([403, "foreign-origin"]);
    const form = await door.post(LOBBY, { text: "hi" }, { "Content-Type": "text/plain" });
    expect([form.status, await codeOf(form)]).toEqual([415, "bad-type"]);
    expect(await body(door.fetch(LOBBY))).toMatchObject({ events: [] });
  });

  test("that wait are not said when their connection is no more", async () => {
    const clock = new HandClock();
    await using door = await HttpDoor.open({ clock, hub: { rate: 1, burst: 1 } });
    await door.post(LOBBY, { text: "a" });
    const client = await door.connect();
    const words = JSON.stringify({ text: "b" });
    const fields = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${words.length}`;
    await client.write(`POST ${LOBBY} HTTP/1.1\r\n${fields}\r\n\r\n${words}`);
    const { open } = door;
    await until(() => door.hub.outside.waitingOf("127.0.0.1") === 1, "a post that waits");
    client.reset();
    await until(() => door.open < open, "the end of the connection");
    clock.move(2_000);
    await until(() => door.hub.outside.waitingOf("127.0.0.1") === 0, "its turn");
    expect(await body(door.fetch(LOBBY))).toMatchObject({ events: [{ text: "a" }] });
  });

  test("that come too fast wait, and are refused when too many wait", async () => {
    await using door = await HttpDoor.open({ hub: { rate: 100, burst: 5 } });
    const answers = await Promise.all(Array.from({ length: 90 }, (_, i) => door.post(LOBBY, { text: `${i}` })));
    const said = answers.filter(({ status }) => status === 201);
    const later = answers.filter(({ status }) => status === 429);
    expect(said.length).toBeGreaterThanOrEqual(69);
    expect(said.length + later.length).toBe(90);
    expect(later.length).toBeGreaterThan(0);
    expect(later[0]?.headers.get("retry-after")).toBe("10");
    expect(await body(door.fetch("/api/rooms"))).toMatchObject({ rooms: [{ seq: said.length }] });
  });
});

describe("a room", () => {
  test("is named without its # and percent-encoded", async () => {
    await using door = await HttpDoor.open();
    bring(door.hub, { name: "ann", room: "#小/50%" });
    const path = `/api/rooms/${encodeURIComponent("小/50%")}/messages`;
    expect((await door.post(path, { text: "hi" })).status).toBe(201);
    expect(await body(door.fetch(path))).toMatchObject({ events: [{ room: "#小/50%", text: "hi" }] });
  });

  test.each(["messages", "events"])("that nobody is in is none: %s", async (what) => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch(`/api/rooms/nowhere/${what}`);
    expect([answer.status, await codeOf(answer)]).toEqual([404, "no-such-room"]);
  });

  test.each([
    ["/api/rooms/%ff/messages"],
    ["/api/rooms/lobby/messages?limit=0"],
    ["/api/rooms/lobby/messages?before=-1"],
    ["/api/rooms/lobby/messages?after=1e3"],
    ["/api/rooms/lobby/events?after=x:y:z"],
    ["/api/rooms?limit=many"],
  ])("asked for wrongly: %s", async (path) => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch(path);
    expect([answer.status, await codeOf(answer)]).toEqual([400, "bad-request"]);
  });

  test.each([["/api/rooms"], [LOBBY], ["/api/rooms/lobby/events"]])("is not there without a chat: %s", async (path) => {
    await using door = await HttpDoor.open({ chat: false });
    const answer = await door.fetch(path);
    expect([answer.status, await codeOf(answer)]).toEqual([403, "denied"]);
  });

  test("lists its methods to who asks for another", async () => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch(LOBBY, { method: "DELETE" });
    expect([answer.status, answer.headers.get("allow"), await codeOf(answer)]).toEqual([
      405,
      "OPTIONS, HEAD, GET, POST",
      "bad-method",
    ]);
  });

  test("answers HEAD as GET, without a body", async () => {
    await using door = await HttpDoor.open();
    for (const path of [LOBBY, "/api/rooms", "/api/rooms/lobby/events"]) {
      const answer = await door.fetch(path, { method: "HEAD" });
      expect([answer.status, await answer.text()]).toEqual([200, ""]);
    }
  });
});

describe("a search", () => {
  test("finds words in what is kept, newest first, in a room that nobody is in", async () => {
    await using kept = await Kept.open();
    kept.say("the meeting", "#dev");
    kept.say("明天开会", "#dev");
    kept.say("meeting again", "#dev");
    await using door = await HttpDoor.open({ hub: { log: kept.log } });
    const find = (query: string) => body(door.fetch(`/api/rooms/dev/search?${query}`));
    expect(await find("text=MEETING")).toMatchObject({ events: [{ seq: 3 }, { seq: 1 }], next: null, oldest: 1 });
    expect(await find("text=meeting&limit=1")).toMatchObject({ events: [{ seq: 3 }], next: 3 });
    expect(await find("text=meeting&limit=1&before=3")).toMatchObject({ events: [{ seq: 1 }], next: null });
    expect(await find(`text=${encodeURIComponent("开会")}`)).toMatchObject({ events: [{ seq: 2 }] });
    const rooms = [{ room: "#dev", members: 0, seq: 3 }, { room: "#lobby" }];
    expect(await body(door.fetch("/api/rooms"))).toMatchObject({ rooms });
    expect(await body(door.fetch("/api/rooms/dev/messages?limit=1"))).toMatchObject({ events: [{ seq: 3 }] });
  });

  test.each([
    ["text=hi", 404, "no-history"],
    ["", 400, "bad-request"],
    ["text=%20", 400, "bad-text"],
    [`text=${"x".repeat(391)}`, 413, "text-too-long"],
    ["text=hi&limit=0", 400, "bad-request"],
  ])("is refused: %s", async (query, status, code) => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch(`/api/rooms/lobby/search?${query}`);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });
});
