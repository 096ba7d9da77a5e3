import { describe, expect, test } from "bun:test";
import type { Socket } from "bun";
import { startDatagrams } from "../../scripts/bench/loads/datagrams.ts";
import { type Exchange, framedExchange, rawExchange, startTalking } from "../../scripts/bench/loads/talk.ts";
import { Tally } from "../../src/client/bench/load.ts";
import { until } from "../support/deadline.ts";

type Answer = (socket: Socket, upper: Buffer, count: number) => void;

const upper = (chunk: Buffer) =>
  Buffer.from(
    chunk.toString("latin1").replace(/[a-z]/g, (c) => c.toUpperCase()),
    "latin1",
  );

async function talk(
  answer: Answer,
  enough: (tally: Tally) => boolean,
  exchange: Exchange | readonly Exchange[] = rawExchange(64),
): Promise<Tally> {
  let count = 0;
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (socket, chunk) => answer(socket, upper(chunk), count++) },
  });
  const tally = new Tally();
  const running = startTalking(listener.port, 2, exchange, tally);
  await until(() => enough(tally), "answers");
  await running.stop();
  listener.stop(true);
  return tally;
}

const answered = (count: number) => (tally: Tally) => tally.answers >= count;
const failed = (count: number) => (tally: Tally) => tally.errors >= count;

describe("the echo load of the benchmark", () => {
  test("counts right answers, in whatever pieces they come", async () => {
    const tally = await talk((socket, bytes) => {
      socket.write(bytes.subarray(0, 7));
      setImmediate(() => socket.write(bytes.subarray(7)));
    }, answered(50));
    expect(tally.errors).toBe(0);
    expect(tally.latency.count).toBe(tally.answers);
  });

  test("talks in frames, whose headers stay as they are", async () => {
    const tally = await talk(
      (socket, bytes) => {
        expect(bytes.readUInt32BE()).toBe(bytes.length - 4);
        socket.write(bytes);
      },
      answered(50),
      framedExchange(64),
    );
    expect(tally.errors).toBe(0);
  });

  test("asks several things in turn", async () => {
    const sizes = [64, 32, 48];
    const heard: number[] = [];
    const echo = (socket: Socket, bytes: Buffer) => {
      heard.push(bytes.length);
      socket.write(bytes);
    };
    const tally = await talk(echo, answered(12), sizes.map(rawExchange));
    expect(tally.errors).toBe(0);
    const counts = sizes.map((size) => heard.filter((length) => length === size).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
    expect(heard.slice(0, 4)).toContain(sizes[1] ?? 0);
  });

  test("sends more than a socket takes at once", async () => {
    const tally = await talk((socket, bytes) => void socket.write(bytes), answered(8), rawExchange(65_536));
    expect(tally.errors).toBe(0);
  });

  test.each<[string, Answer, string]>([
    [
      "an answer with small letters",
      (s, b) => void s.write(b.map((byte) => (byte === 69 ? 101 : byte))),
      "not what it should be",
    ],
    ["the answer to another question", (s, b) => void s.write(b.fill("7", 0, 8)), "not what it should be"],
    ["an answer twice", (s, b) => void s.write(Buffer.concat([b, b])), "more came back than was sent"],
    ["the end of the connection", (s) => void s.end(), "the server closed a connection"],
  ])("tells of %s", async (_, answer, words) => {
    const tally = await talk(answer, failed(2));
    expect(tally.answers).toBe(0);
    expect(tally.firstError).toContain(words);
  });

  test("tells of an answer that comes after all is over", async () => {
    const tally = await talk((socket, bytes, count) => {
      socket.write(bytes);
      if (count === 40) setImmediate(() => socket.write("X"));
    }, failed(1));
    expect(tally.errors).toBe(1);
  });

  test("ends when answers are withheld", async () => {
    const tally = await talk((socket, bytes, count) => void (count < 20 && socket.write(bytes)), answered(20));
    expect([tally.answers, tally.errors, tally.firstError]).toEqual([20, 2, "an answer did not come"]);
  });
});

type Reply = (upper: Buffer, count: number) => readonly Buffer[];

async function datagrams(reply: Reply, enough: (tally: Tally) => boolean): Promise<Tally> {
  let count = 0;
  const server = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data: (socket, bytes, port, address) => {
        for (const each of reply(upper(bytes), count++)) socket.send(each, port, address);
      },
    },
  });
  const tally = new Tally();
  const running = startDatagrams(server.port, 64, 8, tally);
  await until(() => enough(tally), "answers");
  await running.stop();
  server.close();
  return tally;
}

describe("the UDP load of the benchmark", () => {
  test("counts right answers, in whatever order they come", async () => {
    let kept: Buffer | null = null;
    const tally = await datagrams((bytes, count) => {
      if (count % 3 !== 0) {
        const both = kept === null ? [bytes] : [bytes, kept];
        kept = null;
        return both;
      }
      kept = bytes;
      return [];
    }, answered(200));
    expect([tally.errors, tally.disordered]).toEqual([0, 0]);
  });

  test("counts what is dropped, and goes on", async () => {
    const tally = await datagrams(
      (bytes, count) => (count === 10 || count === 11 ? [] : [bytes]),
      ({ lost }) => lost >= 2,
    );
    expect([tally.lost, tally.errors, tally.disordered]).toEqual([2, 0, 0]);
  });

  test("counts what comes twice", async () => {
    const tally = await datagrams((bytes, count) => (count === 10 ? [bytes, bytes] : [bytes]), answered(50));
    expect([tally.lost, tally.errors, tally.disordered]).toEqual([0, 0, 1]);
  });

  test("takes a changed or shortened answer for wrong", async () => {
    const tally = await datagrams((bytes, count) => {
      if (count === 10) return [bytes.fill("?", 40, 41)];
      return [count === 11 ? bytes.subarray(0, 63) : bytes];
    }, answered(50));
    expect([tally.lost, tally.errors, tally.disordered]).toEqual([0, 2, 0]);
  });
});
