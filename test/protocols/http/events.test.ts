import { describe, expect, test } from "bun:test";
import type { RoomLog } from "../../../src/chat/history.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import { ask, bring } from "../../chat/members.ts";
import { until } from "../../support/deadline.ts";
import { HandClock } from "../../support/hand-clock.ts";
import type { TcpClient } from "../../support/tcp.ts";
import { HttpDoor } from "./door.ts";

interface Told {
  readonly event: string;
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Somebody who follows a room and parses as the standard says, in HTTP/1.0, so that nothing is in chunks. */
class Follower {
  private constructor(private readonly client: TcpClient) {}

  static async open(door: HttpDoor, path = "/api/rooms/lobby/events", lastId?: string): Promise<Follower> {
    const client = await door.connect();
    const id = lastId === undefined ? "" : `Last-Event-ID: ${lastId}\r\n`;
    await client.write(`GET ${path} HTTP/1.0\r\n${id}\r\n`);
    const head = await client.readUntil("\r\n\r\n");
    expect(head).toStartWith("HTTP/1.1 200 OK\r\n");
    expect(head).toContain("Content-Type: text/event-stream; charset=utf-8\r\n");
    return new Follower(client);
  }

  async next(): Promise<Told> {
    const lines = (await this.client.readUntil("\n\n")).trimEnd().split("\n");
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
    return { event: field("event") ?? "", id: field("id"), data: JSON.parse(field("data") ?? "null") };
  }

  /** The texts of what is told up to one. */
  async textsUpTo(last: string): Promise<string[]> {
    const texts: string[] = [];
    while (texts.at(-1) !== last) {
      const { data } = await this.next();
      if (typeof data["text"] === "string") texts.push(data["text"]);
    }
    return texts;
  }

  raw(): TcpClient {
    return this.client;
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
  }
}

const say = (door: HttpDoor, text: string) => door.post("/api/rooms/lobby/messages", { text, name: "bot" });

describe("who follows a room", () => {
  test("is told where it stands, and then what happens, with ids that can be gone on from", async () => {
    await using door = await HttpDoor.open();
    await say(door, "before");
    using follower = await Follower.open(door);
    const first = await follower.next();
    const { epoch } = first.data as { epoch: string };
    expect(first).toMatchObject({ event: "room", id: `${epoch}:1`, data: { room: "#lobby", seq: 1, members: 0 } });
    const ann = bring(door.hub, { name: "ann" });
    expect(await follower.next()).toMatchObject({ event: "join", id: null, data: { name: "ann" } });
    ask(ann.seat, { op: "say", room: "#lobby", text: "two\nlines" });
    expect(await follower.next()).toMatchObject({
      event: "message",
      id: `${epoch}:2`,
      data: { event: "message", from: "ann", text: "two\nlines", epoch, seq: 2 },
    });
    expect(ask(ann.seat, { op: "who", room: "#lobby" })).toMatchObject({ members: ["ann"] });
  });

  test("cannot be told what nobody said: text stays in its line", async () => {
    await using door = await HttpDoor.open();
    using follower = await Follower.open(door);
    await follower.next();
    const text = "\nid: x:9\nevent: topic\ndata: {}\n\ndata: \u2028\u2029";
    expect((await say(door, text)).status).toBe(201);
    await say(door, "behind");
    expect((await follower.next()).data["text"]).toBe(text);
    expect((await follower.next()).data["text"]).toBe("behind");
  });

  const ways: readonly [string, (epoch: string) => readonly [query: string, lastId?: string]][] = [
    ["as a browser does", (epoch) => ["", `${epoch}:2`]],
    ["by the address", (epoch) => [`?after=${epoch}:2`]],
    ["by the number alone", () => ["?after=2"]],
    ["as a browser that began by the address", (epoch) => ["?after=0", `${epoch}:2`]],
  ];
  test.each(ways)("goes on after the last it had: %s", async (_, way) => {
    await using door = await HttpDoor.open();
    for (const text of ["a", "b", "c", "d"]) await say(door, text);
    const { epoch } = (await (await say(door, "e")).json()) as { epoch: string };
    const [query, lastId] = way(epoch);
    using follower = await Follower.open(door, `/api/rooms/lobby/events${query}`, lastId);
    expect(await follower.next()).toMatchObject({ event: "room", id: `${epoch}:2` });
    expect(await follower.textsUpTo("e")).toEqual(["c", "d", "e"]);
    await say(door, "f");
    expect(await follower.textsUpTo("f")).toEqual(["f"]);
  });

  test("hears all of a counting that began anew", async () => {
    await using door = await HttpDoor.open();
    await say(door, "a");
    await say(door, "b");
    using follower = await Follower.open(door, undefined, "older:7");
    // Nothing of this counting was told yet, so there is nothing else to go on from.
    expect((await follower.next()).id).toBe("older:7");
    expect(await follower.textsUpTo("b")).toEqual(["a", "b"]);
  });

  test("is told of what nobody remembers any more", async () => {
    await using door = await HttpDoor.open({ hub: { log: new MemoryLog(3) } });
    for (const text of ["a", "b", "c", "d", "e", "f"]) await say(door, text);
    using follower = await Follower.open(door, "/api/rooms/lobby/events?after=1");
    await follower.next();
    expect(await follower.next()).toMatchObject({ event: "gap", data: { room: "#lobby", from: 2, to: 3 } });
    expect(await follower.textsUpTo("f")).toEqual(["d", "e", "f"]);
  });

  test("loses and doubles nothing while history is read slowly", async () => {
    const { log, held } = slowLog();
    await using door = await HttpDoor.open({ hub: { log } });
    for (const text of ["a", "b", "c", "d", "e"]) await say(door, text);
    using follower = await Follower.open(door, "/api/rooms/lobby/events?after=1");
    const told = follower.textsUpTo("i");
    for (const text of ["f", "g", "h", "i"]) {
      await until(() => held.length > 0, "a question to the log");
      await say(door, text);
      held.shift()?.();
    }
    let done = false;
    void told.finally(() => {
      done = true;
    });
    await until(() => {
      held.shift()?.();
      return done;
    }, "the end of history");
    expect(await told).toEqual(["b", "c", "d", "e", "f", "g", "h", "i"]);
    await say(door, "j");
    expect(await follower.textsUpTo("j")).toEqual(["j"]);
  });

  test("gets chunks over HTTP/1.1, also by fetch", async () => {
    await using door = await HttpDoor.open();
    const leaving = new AbortController();
    const answer = await door.fetch("/api/rooms/lobby/events", { signal: leaving.signal });
    expect(answer.headers.get("x-accel-buffering")).toBe("no");
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await say(door, "hi");
    let told = "";
    while (!told.includes('"hi"')) told += (await reader?.read())?.value ?? "";
    expect(told).toMatch(
      /^retry: 2000\nevent: room\nid: \w+:0\ndata: \{.*\}\n\nevent: message\nid: \w+:1\ndata: \{.*"hi".*\}\n\n$/,
    );
    leaving.abort();
    await until(() => door.open <= 1, "the end of the connection");
  });

  test("is told nothing more once it is gone", async () => {
    await using door = await HttpDoor.open();
    await say(door, "a");
    const before = door.open;
    const follower = await Follower.open(door);
    await follower.next();
    await say(door, "b");
    expect(door.hub.told.deliveries).toBe(1);
    follower[Symbol.dispose]();
    await until(() => door.open <= before, "the end of the connection");
    await say(door, "c");
    expect(door.hub.told.deliveries).toBe(1);
  });

  test("and does not read is ended, and the others hear every word", async () => {
    await using door = await HttpDoor.open({ limits: { maxOutbox: 1 << 20 } });
    using frozen = await Follower.open(door);
    frozen.raw().socket.pause();
    using healthy = await Follower.open(door);
    const ann = bring(door.hub, { name: "ann" });
    let said = 0;
    await until(async () => {
      for (let i = 0; i < 50; i++) ask(ann.seat, { op: "say", room: "#lobby", text: `${said++} ${"x".repeat(3_900)}` });
      await new Promise(setImmediate);
      return door.closed("slow") === 1;
    }, "the end of who does not read");
    ask(ann.seat, { op: "say", room: "#lobby", text: "last" });
    const texts = await healthy.textsUpTo("last");
    expect(texts.length).toBe(said + 1);
    expect(texts.slice(0, -1).every((text, i) => text.startsWith(`${i} `))).toBe(true);
  });

  test("is told of a shutdown, which does not wait for it", async () => {
    await using door = await HttpDoor.open();
    using follower = await Follower.open(door);
    await follower.next();
    const began = performance.now();
    const drained = door.drain();
    expect(await follower.next()).toMatchObject({ event: "bye", data: { reason: "shutdown" } });
    expect((await follower.raw().readAll()).toString()).toBe("");
    follower[Symbol.dispose]();
    await drained;
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  test("gets a sign of life every 20 seconds", async () => {
    const clock = new HandClock();
    await using door = await HttpDoor.open({ clock });
    using follower = await Follower.open(door);
    await follower.next();
    clock.move(20_000);
    expect(await follower.raw().readUntil("\n\n")).toBe(": ping\n\n");
    clock.move(20_000);
    expect(await follower.raw().readUntil("\n\n")).toBe(": ping\n\n");
  });
});

/** History that is answered when the test says so, in pages of two. */
function slowLog() {
  const log: RoomLog = new MemoryLog();
  const read = log.read.bind(log);
  const held: (() => void)[] = [];
  log.read = (room, range) => {
    const page = read(room, { ...range, limit: 2 });
    return new Promise((resolve) => held.push(() => resolve(page)));
  };
  return { log, held };
}
