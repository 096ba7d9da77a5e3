import { describe, expect, test } from "bun:test";
import type { Delivered } from "../../../src/client/chat/delivered.ts";
import type { Absence } from "../../../src/client/chat/homecoming.ts";
import { ChatSession, type SessionOptions } from "../../../src/client/chat/session.ts";
import { Unsure } from "../../../src/client/chat/utterance.ts";
import { Refused } from "../../../src/client/messages.ts";
import { until } from "../../support/deadline.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { ScriptedServer } from "../scripted-server.ts";

/** A session, and all it told, as words. */
async function begin(server: ScriptedServer, o: Partial<SessionOptions> = {}) {
  const clock = new HandClock();
  const told: string[] = [];
  const listener = {
    event: ({ event, own }: Delivered) => {
      told.push(`${own ? "own " : ""}${event.event === "message" ? event["text"] : event.event}`);
    },
    lost: (_: Error, retryMs: number, attempt: number) => {
      told.push(`lost ${attempt}`);
      wait = retryMs;
    },
    back: ({ messages, forgotten, lost, anew }: Absence) => {
      const numbers = Object.entries({ forgotten, lost }).filter(([, count]) => count > 0);
      const holes = [...numbers.map(([what, count]) => `${count} ${what}`), ...anew.map((room) => `anew ${room}`)];
      told.push(["back", messages, ...holes].join(" "));
    },
    notice: (text: string) => void told.push(`notice ${text}`),
  };
  let wait = 0;
  const session = await ChatSession.open({
    endpoint: { target: server.target, trust: null, login: null },
    identity: { name: "ann" },
    listener,
    clock,
    ...o,
  });
  return {
    session,
    told,
    clock,
    has: (words: string) =>
      until(
        () => told.includes(words),
        () => `${words}; it told ${told.join(" | ")}`,
      ),
    retry: () => clock.move(wait),
    async [Symbol.asyncDispose]() {
      session.leave();
      server.dropAll();
      await session.ended;
      await until(() => clock.waiting === 0, "the end of all timers");
    },
  };
}

describe("a session", () => {
  test("shows what is new in another epoch, and nothing again that is kept of the old one", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    for (const text of ["1", "2", "3"]) server.add(text, "bob");
    await ann.has("3");
    server.dropAll();
    await ann.has("lost 1");
    server.history.pop();
    server.epoch = "e2";
    for (const text of ["4", "5"]) server.add(text, "bob");
    ann.retry();
    await ann.has("5");
    expect(ann.told).toEqual(["1", "2", "3", "lost 1", "back 2 1 lost", "4", "5"]);
  });

  test("shows what was said between two sudden ends of the server, under numbers that had been lost", async () => {
    using server = new ScriptedServer();
    for (const text of ["before", "as well"]) server.add(text, "bob");
    server.epoch = "e2";
    await using ann = await begin(server);
    for (const text of ["3", "4"]) server.add(text, "bob");
    await ann.has("4");
    server.dropAll();
    await ann.has("lost 1");
    // All of its epoch is lost; then what was given the same numbers, but for the last, is kept by a second end.
    server.history.splice(2);
    server.epoch = "e3";
    for (const text of ["3 again", "4 again", "5"]) server.add(text, "bob");
    server.epoch = "e4";
    server.add("6", "bob");
    ann.retry();
    await ann.has("6");
    expect(ann.told).toEqual(["3", "4", "lost 1", "back 4 2 lost", "3 again", "4 again", "5", "6"]);
  });

  test("tells once of what a server has lost, also when nothing is said since", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    for (const text of ["1", "2"]) server.add(text, "bob");
    await ann.has("2");
    server.history.pop();
    server.epoch = "e2";
    for (let ends = 0; ends < 2; ends++) {
      server.dropAll();
      await until(() => ann.told.filter((words) => words === "lost 1").length > ends, "the loss");
      ann.retry();
      await until(() => ann.told.filter((words) => words.startsWith("back")).length > ends, "the return");
    }
    server.add("2 again", "bob");
    await ann.has("2 again");
    expect(ann.told).toEqual(["1", "2", "lost 1", "back 0 1 lost", "lost 1", "back 0", "2 again"]);
  });

  test("knows by a room's last events where its epoch began", async () => {
    using server = new ScriptedServer();
    server.add("1", "bob");
    server.epoch = "e2";
    server.add("2", "bob");
    await using ann = await begin(server, { recent: 10 });
    server.dropAll();
    await ann.has("lost 1");
    server.history.splice(1);
    server.epoch = "e3";
    server.add("2 again", "bob");
    server.epoch = "e4";
    ann.retry();
    await ann.has("2 again");
    expect(ann.told).toEqual(["1", "2", "lost 1", "back 1 1 lost", "2 again"]);
  });

  test("shows what is said, its own words in their place among the others'", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    server.handlers["say"] = ({ text }, peer) => {
      server.add("before", "bob");
      const answer = server.add(String(text), "ann", peer);
      queueMicrotask(() => server.add("after", "bob"));
      return answer;
    };
    await ann.session.speak("say", "#lobby", "mine");
    await ann.has("after");
    expect(ann.told).toEqual(["before", "own mine", "after"]);
  });

  test("shows the last events of a room once, also those that come again", async () => {
    using server = new ScriptedServer();
    for (const text of ["1", "2", "3"]) server.add(text, "bob");
    await using ann = await begin(server, { recent: 2 });
    for (const event of server.history) server.peers[0]?.send(event);
    server.add("4", "bob");
    await ann.has("4");
    expect(ann.told).toEqual(["2", "3", "4"]);
  });

  test("comes back under its name by its token, and shows what it missed, once", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    server.add("seen", "bob");
    await ann.has("seen");
    server.dropAll();
    await ann.has("lost 1");
    server.add("missed", "bob");
    // What comes while it asks the history is both in the history and an event.
    const history = server.handlers["history"];
    server.handlers["history"] = (request, peer) => {
      server.add("meanwhile", "bob");
      return history?.(request, peer) ?? null;
    };
    ann.retry();
    await ann.has("meanwhile");
    server.add("then", "bob");
    await ann.has("then");
    expect(ann.told).toEqual(["seen", "lost 1", "back 2", "missed", "meanwhile", "then"]);
    const hello = server.requests.findLast(({ op }) => op === "hello");
    expect(hello).toMatchObject({ name: "ann", session: "token", room: "#lobby" });
  });

  test("joins its other rooms again and catches up there", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    expect(await ann.session.join("#dev")).toBe("#dev");
    server.dropAll();
    await ann.has("lost 1");
    ann.retry();
    await ann.has("back 0");
    const after = server.requests.slice(server.requests.findLastIndex(({ op }) => op === "hello"));
    expect(after).toContainEqual(expect.objectContaining({ op: "join", room: "#dev" }));
    expect([...ann.session.rooms.keys()]).toEqual(["#lobby", "#dev"]);
  });

  test("waits longer after each failed attempt, and gives up when told to", async () => {
    using server = new ScriptedServer();
    const ann = await begin(server);
    ann.session.attempts = 2;
    server.handlers["hello"] = (_, peer) => {
      peer.drop();
      return null;
    };
    server.dropAll();
    await ann.has("lost 1");
    ann.retry();
    await ann.has("lost 2");
    ann.retry();
    expect(await ann.session.ended).toBeInstanceOf(Error);
  });

  test.each(["bad-login", "banned", "denied"])("does not go on asking after %s", async (code) => {
    using server = new ScriptedServer();
    const login = { user: "ann", password: "correct horse" };
    await using ann = await begin(server, { endpoint: { target: server.target, trust: null, login } });
    expect(server.requests[0]).toMatchObject({ op: "hello", ...login });
    server.handlers["hello"] = () => ({ ok: false, error: { code, message: "no" } });
    server.dropAll();
    await ann.has("lost 1");
    ann.retry();
    expect((await ann.session.ended)?.message).toBe("no");
    expect(server.requests.at(-1)).toMatchObject({ op: "hello", ...login, session: "token" });
  });

  test.each([
    ["it was replaced", "replaced", "another connection has taken your place"],
    ["its login has ended", "login-ended", "your account is gone; log in again"],
  ])("does not come back to where %s", async (_, reason, text) => {
    using server = new ScriptedServer();
    const ann = await begin(server);
    server.peers[0]?.send({ event: "bye", reason, text });
    server.dropAll();
    expect((await ann.session.ended)?.message).toBe(text);
    expect(ann.told).toEqual(["bye"]);
  });

  test("notices that a silent server is gone", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    server.handlers["ping"] = () => null;
    for (let seconds = 0; seconds <= 60; seconds += 20) ann.clock.move(20_000);
    await ann.has("lost 1");
  });

  test("takes a name like its own when somebody else has it by now", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    const hello = server.handlers["hello"];
    server.handlers["hello"] = (request, peer) =>
      request["name"] === "ann"
        ? { ok: false, error: { code: "name-taken", message: "ann is in use" } }
        : (hello?.(request, peer) ?? null);
    server.dropAll();
    await ann.has("lost 1");
    ann.retry();
    await ann.has("notice you are called ann_ now");
    expect(ann.session.name).toBe("ann_");
  });
});

describe("a message whose answer was lost", () => {
  /** Loses the connection at the first say; `arrives` tells whether the room got it. */
  async function losing(arrives: boolean) {
    const server = new ScriptedServer();
    const ann = await begin(server);
    const say = server.handlers["say"];
    server.handlers["say"] = (request, peer) => {
      if (arrives) say?.(request, peer);
      if (say) server.handlers["say"] = say;
      server.dropAll();
      return null;
    };
    const said = ann.session.speak("say", "#lobby", "important");
    await ann.has("lost 1");
    return { server, ann, said };
  }

  test("is found in the history, and not sent again", async () => {
    const { server, ann, said } = await losing(true);
    await using _ = ann;
    using __ = server;
    ann.retry();
    await said;
    expect(server.requests.filter(({ op }) => op === "say")).toHaveLength(1);
    expect(ann.told).toEqual(["lost 1", "back 0", "own important"]);
  });

  test("is sent again when the history shows that it never arrived", async () => {
    const { server, ann, said } = await losing(false);
    await using _ = ann;
    using __ = server;
    ann.retry();
    await said;
    expect(server.requests.filter(({ op }) => op === "say")).toHaveLength(2);
    expect(server.history.map(({ text }) => text)).toEqual(["important"]);
  });

  test("is told to be unsure when the room counts anew", async () => {
    const { server, ann, said } = await losing(true);
    await using _ = ann;
    using __ = server;
    const outcome = said.catch((error: unknown) => error);
    server.history = [];
    server.epoch = "e2";
    ann.retry();
    expect(await outcome).toBeInstanceOf(Unsure);
    expect(server.requests.filter(({ op }) => op === "say")).toHaveLength(1);
  });

  test("is told to be unsure when a server that keeps what was said counts anew", async () => {
    const { server, ann, said } = await losing(false);
    await using _ = ann;
    using __ = server;
    const outcome = said.catch((error: unknown) => error);
    server.epoch = "e2";
    server.add("new", "bob");
    ann.retry();
    expect(await outcome).toBeInstanceOf(Unsure);
    expect(server.requests.filter(({ op }) => op === "say")).toHaveLength(1);
  });

  test("is told to be unsure when the history has a hole where it could be", async () => {
    const { server, ann, said } = await losing(false);
    await using _ = ann;
    using __ = server;
    const outcome = said.catch((error: unknown) => error);
    for (const text of ["1", "2", "3"]) server.add(text, "bob");
    server.history.splice(0, 2);
    ann.retry();
    expect(await outcome).toBeInstanceOf(Unsure);
    expect(ann.told.find((words) => words.startsWith("back "))).toEndWith(" 2 forgotten");
  });

  test("that was said while away is sent when the connection is back, in order", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    server.dropAll();
    await ann.has("lost 1");
    const said = ["1", "2", "3"].map((text) => ann.session.speak("say", "#lobby", text));
    ann.retry();
    await Promise.all(said);
    expect(server.history.map(({ text }) => text)).toEqual(["1", "2", "3"]);
  });

  test("that is refused rejects with the server's words", async () => {
    using server = new ScriptedServer();
    await using ann = await begin(server);
    server.handlers["say"] = () => ({ ok: false, error: { code: "bad-text", message: "a message cannot be blank" } });
    const outcome = await ann.session.speak("say", "#lobby", " ").catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Refused);
  });
});
