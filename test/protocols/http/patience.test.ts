import { describe, expect, test } from "bun:test";
import type { Responder } from "../../../protocols/http/responder.ts";
import { HttpSession } from "../../../protocols/http/session.ts";
import { plain } from "../../../protocols/http/wire/reply.ts";
import type { Connection } from "../../../src/net/protocol.ts";
import { TestDoor } from "../../net/test-door.ts";
import { until } from "../../support/deadline.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { answersIn } from "../../support/http-talk.ts";
import { RawWebSocket } from "../../support/raw-web-socket.ts";
import { connect, type TcpClient } from "../../support/tcp.ts";
import { clientFrame } from "../../support/ws-frames.ts";
import { HttpDoor } from "./door.ts";

const SHORT = { limits: { messageMs: 400 } };
const LOGIN =
  "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";

/** Sends a byte again and again, until the server ends the connection: all that it said. */
async function drip(peer: TcpClient, byte: string, most = Number.POSITIVE_INFINITY): Promise<string> {
  let left = most;
  let ended = false;
  const said = peer.readAll().finally(() => {
    ended = true;
  });
  await until(async () => {
    if (!ended && left-- > 0) await peer.write(byte).catch(() => {});
    return ended;
  }, "the end of the server's patience");
  return (await said).toString();
}

describe("slow heads and bodies (CVE-2007-6750): the deadline of what was begun", () => {
  const heads: readonly (readonly [what: string, begin: string, byte: string])[] = [
    ["a head", "GET / HTTP/1.1\r\nHost: localhost\r\nA: ", "a"],
    ["the first line", "GET /", "a"],
  ];
  for (const [what, begin, byte] of heads) {
    test(`ends ${what} that drips, with 408`, async () => {
      await using door = await HttpDoor.open(SHORT);
      using peer = await door.connect();
      await peer.write(begin);
      const [answer] = answersIn(await drip(peer, byte, 500));
      expect(answer?.status).toBe(408);
      expect(JSON.parse(answer?.body ?? "").error.code).toBe("timeout");
    });
  }

  test("ends empty lines that no head follows, before the first request and behind one", async () => {
    await using door = await HttpDoor.open(SHORT);
    using silent = await door.connect();
    expect(await drip(silent, "\r\n", 500)).toBe("");
    using served = await door.connect();
    await served.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(answersIn(await drip(served, "\r\n", 500)).map(({ status }) => status)).toEqual([200]);
  });

  test("begins anew with each head, whatever empty lines stand before it", async () => {
    const clock = new HandClock();
    await using door = await HttpDoor.open({ ...SHORT, clock });
    using peer = await door.connect();
    for (let at = 0; at < 4; at++) {
      await peer.write("\r\n");
      await peer.write("\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      expect(await peer.readUntil("ok\n")).toStartWith("HTTP/1.1 200 ");
      clock.move(300);
    }
  });

  test("ends a second head on a connection as it ends the first", async () => {
    await using door = await HttpDoor.open(SHORT);
    using peer = await door.connect();
    await peer.write("GET /api/echo?text=a HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT");
    expect(answersIn((await peer.readAll()).toString()).map(({ status }) => status)).toEqual([200, 408]);
  });

  test("ends a body that stops or drips, with 408", async () => {
    await using door = await HttpDoor.open(SHORT);
    using stopped = await door.connect();
    await stopped.write(`${LOGIN}{"user":`);
    expect(answersIn((await stopped.readAll()).toString()).map(({ status }) => status)).toEqual([408]);
    using chunked = await door.connect();
    await chunked.write(LOGIN.replace("Content-Length: 1000", "Transfer-Encoding: chunked"));
    // Marks of chunks are no progress either.
    expect(answersIn(await drip(chunked, "1;a\r\nx\r\n"))[0]?.status).toBeOneOf([408, 413]);
  });

  test("is not that of a body that was refused: it is read for as long as it comes, and its answer after it", async () => {
    const clock = new HandClock();
    await using door = await HttpDoor.open({ clock });
    using peer = await door.connect();
    const head = "PUT /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n";
    await peer.write(head);
    for (let second = 0; second < 8; second++) {
      await peer.write(Buffer.alloc(1_000));
      await until(() => door.bytesIn === head.length + 1_000 * (second + 1), "what the door has read");
      clock.move(1_000);
    }
    expect(answersIn((await peer.readAll()).toString()).map(({ status }) => status)).toEqual([405]);
  });

  test("is that of each message of a WebSocket, and not of all together", async () => {
    const clock = new HandClock();
    await using door = await HttpDoor.open({ ...SHORT, clock });
    using ws = await RawWebSocket.chat({ port: door.port }, "ann");
    const ping = clientFrame({ opcode: 1, payload: '{"op":"ping","id":7}' });
    await ws.tcp.write(ping.subarray(0, 9));
    for (let at = 0; at < 4; at++) {
      await ws.tcp.write(Buffer.concat([ping.subarray(9), ping.subarray(0, 9)]));
      expect(await ws.readJson()).toMatchObject({ ok: true, id: 7 });
      clock.move(300);
    }
    clock.move(200);
    expect(await ws.readEnd()).toMatchObject({ code: 1008, bye: { reason: "stall" } });
  });

  test("ends a WebSocket that says no hello", async () => {
    await using door = await HttpDoor.open(SHORT);
    using ws = await RawWebSocket.connect({ port: door.port });
    expect(await ws.readEnd()).toMatchObject({ code: 1008, bye: { reason: "stall" } });
  });

  test("does not run while an answer is under way", async () => {
    await using door = await HttpDoor.open(SHORT);
    using peer = await door.connect();
    await peer.write("GET /api/rooms/lobby/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await peer.readUntil("\r\n\r\n");
    const end = performance.now() + 900;
    await until(() => performance.now() > end, "twice the deadline");
    await door.post("/api/rooms/lobby/messages", { text: "still here", name: "bob" });
    await peer.readUntil("still here");
  });
});

test("the deadline of a body begins when somebody reads it", async () => {
  const began = Promise.withResolvers<void>();
  let asked = 0;
  const responder: Responder = {
    ...{ messageMs: 200, idleMs: 5_000, dateField: () => "", refusal: ({ status }) => plain("no", status) },
    async answer(_, body) {
      asked += 1;
      await began.promise;
      return plain(Buffer.from(await body.bytes(10)).toString());
    },
  };
  const clock = new HandClock();
  const sessions: HttpSession[] = [];
  const open = (conn: Connection) => {
    const session = new HttpSession(responder, conn);
    sessions.push(session);
    return session;
  };
  await using door = await TestDoor.open(open, { clock });
  using quick = await connect({ port: door.port });
  using slow = await connect({ port: door.port });
  const head = "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
  // The head in two pieces has a deadline of its own before.
  await quick.write(head.slice(0, 10));
  await until(() => sessions.some(({ buffered }) => buffered === 10), "the first piece");
  await quick.write(`${head.slice(10)}abc`);
  await slow.write(head);
  await until(() => asked === 2, "both questions");
  clock.move(600);
  began.resolve();
  expect(answersIn((await quick.readAll()).toString())).toMatchObject([{ status: 200, body: "abc" }]);
  clock.move(200);
  expect(answersIn((await slow.readAll()).toString())).toMatchObject([{ status: 408 }]);
});

test("what is collected of a body counts as half-received input", async () => {
  await using door = await HttpDoor.open({ limits: { inputBudget: 100_000 } });
  const heads = LOGIN.replace("Content-Length: 1000", "Transfer-Encoding: chunked");
  using first = await door.connect();
  using second = await door.connect();
  for (const peer of [first, second]) await peer.write(heads + "1\r\n \r\n".repeat(60_000));
  await until(() => door.closed("busy") === 1, "the end of one of them");
  expect(door.open).toBe(1);
});
