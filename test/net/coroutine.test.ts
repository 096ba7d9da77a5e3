import { expect, test } from "bun:test";
import type { Clock } from "../../src/clock.ts";
import type { Log } from "../../src/log.ts";
import { coroutine } from "../../src/net/coroutine.ts";
import type { NetLimits } from "../../src/net/limits.ts";
import type { Handler, Peer } from "../../src/net/peer.ts";
import { createRuntime } from "../../src/net/runtime.ts";
import { StreamDoor } from "../../src/net/stream-door.ts";
import type { PeerLimits } from "../../src/net/stream-peer.ts";
import { until, within } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect, type TcpClient } from "../support/tcp.ts";

interface Event {
  readonly event: string;
  readonly reason?: string;
  readonly detail?: string;
}

/** A door whose protocol is one function. */
class HandlerDoor implements AsyncDisposable {
  readonly events: Event[] = [];
  private constructor(
    readonly door: StreamDoor,
    readonly runtime: ReturnType<typeof createRuntime>,
  ) {}

  static async open(
    handler: Handler,
    limits: Partial<PeerLimits> = {},
    clock?: Clock,
    netLimits: Partial<NetLimits> = {},
  ): Promise<HandlerDoor> {
    const tell = (event: string, fields: object = {}) => void opened.events.push({ event, ...fields });
    const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
    const runtime = createRuntime({ log, limits: netLimits, ...(clock ? { clock } : {}) });
    const protocol = coroutine({
      name: "test",
      handler,
      log,
      limits: { maxLine: 100, maxFrame: 1000, maxOutbox: 4 << 20, messageMs: 60_000, ...limits },
    });
    const listen = [{ host: "127.0.0.1", port: 0 }];
    const opened = new HandlerDoor(new StreamDoor(runtime, { name: "test", protocol, listen }), runtime);
    await opened.door.start();
    return opened;
  }

  get port(): number {
    return this.door.listeners[0]?.port ?? 0;
  }

  connect(): Promise<TcpClient> {
    return connect({ port: this.port });
  }

  /** How the n-th connection that ended did so. */
  async ending(n = 0): Promise<Event> {
    const endings = () => this.events.filter(({ event }) => event === "closed");
    await until(() => endings().length > n, `ending ${n}`);
    return endings()[n] as Event;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.suspend();
    await within(this.door.drain(this.runtime.clock.mono()), "the door to drain");
    expect(this.runtime.admission.count).toBe(0);
    expect(this.runtime.inputBudget.used).toBe(0);
  }
}

/** Everything the server still says, to a client that has nothing more to say. */
async function lastWords(client: TcpClient): Promise<Buffer> {
  const words = await client.readAll();
  client.halfClose();
  return words;
}

const shout: Handler = async (peer) => {
  for await (const line of peer.lines()) await peer.write(`${line.toUpperCase()}\n`);
};

test("lines: every line is answered, the last one without a newline too", async () => {
  await using door = await HandlerDoor.open(shout);
  using client = await door.connect();
  await client.write("one\ntwo\r\nthr");
  expect(await client.readExactly(8)).toEqual(Buffer.from("ONE\nTWO\n"));
  await client.write("ee\n\nlast words");
  client.halfClose();
  expect(String(await lastWords(client))).toBe("THREE\n\nLAST WORDS\n");
  expect(await door.ending()).toMatchObject({ reason: "peer" });
});

test("chunks: bytes as they come", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const chunk of peer.chunks()) await peer.write(chunk);
  });
  using client = await door.connect();
  const all = Buffer.alloc(3_000_000, "0123456789");
  await client.write(all);
  client.halfClose();
  expect((await lastWords(client)).equals(all)).toBe(true);
});

test("frames: bodies in, frames out, in any format", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const body of peer.frames("<H")) await peer.writeFrame(`${String(body)}!`, ">B");
  });
  using client = await door.connect();
  await client.write(Buffer.from("\x02\x00hi\x00\x00\x03\x00you"));
  client.halfClose();
  expect(String(await lastWords(client))).toBe("\x03hi!\x01!\x04you!");
});

test("frames: Python's !I by default", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const body of peer.frames()) await peer.writeFrame(body);
  });
  using client = await door.connect();
  await client.write("\0\0\0\x02hi");
  expect(String(await client.readExactly(6))).toBe("\0\0\0\x02hi");
});

test("a handler that returns ends the connection after all it wrote", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    void peer.write(Buffer.alloc(2_000_000, "x"));
    await peer.write("bye");
  });
  using client = await door.connect();
  expect((await lastWords(client)).length).toBe(2_000_003);
  expect(await door.ending()).toMatchObject({ reason: "local" });
});

test("a handler that throws ends its own connection, after what it wrote, and no other", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const line of peer.lines()) {
      await peer.write(`${line}\n`);
      if (line === "boom") throw new TypeError("no such thing");
    }
  });
  using bystander = await door.connect();
  using client = await door.connect();
  await client.write("boom\n");
  expect(String(await lastWords(client))).toBe("boom\n");
  expect(await door.ending()).toMatchObject({ reason: "error", detail: "no such thing" });
  await bystander.write("still here\n");
  expect(await bystander.readLine()).toBe("still here");
});

test("what a handler throws after the connection has closed is told too", async () => {
  const closed = Promise.withResolvers<void>();
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const _ of peer.chunks());
    await closed.promise;
    throw "too late";
  });
  using client = await door.connect();
  client.reset();
  await door.ending();
  closed.resolve();
  await until(() => door.events.some(({ event }) => event === "handler-failed"), "the failure to be told");
  expect(door.events.at(-1)).toMatchObject({ event: "handler-failed", detail: "too late" });
});

test("writing to a peer that has gone ends the handler without a complaint", async () => {
  const ended = Promise.withResolvers<string>();
  await using door = await HandlerDoor.open(async (peer) => {
    try {
      for (;;) await peer.write("tick\n");
    } catch (error) {
      ended.resolve(String(error));
      throw error;
    }
  });
  using client = await door.connect();
  await client.readLine();
  client.reset();
  expect(await within(ended.promise, "the handler to end")).toBe("PeerGoneError: the peer has gone");
  expect(await door.ending()).toMatchObject({ reason: "peer" });
  expect(door.events.map(({ event }) => event)).not.toContain("handler-failed");
});

test("a write that nobody awaits is harmless when the peer has gone", async () => {
  const done = Promise.withResolvers<void>();
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const _ of peer.chunks());
    void peer.write("nobody hears this");
    done.resolve();
  });
  using client = await door.connect();
  client.reset();
  await within(done.promise, "the handler to end");
  await door.ending();
});

test("a write may be larger than any outbox, and nothing overtakes it", async () => {
  const all = Buffer.alloc(20 << 20, "0123456789");
  await using door = await HandlerDoor.open(async (peer) => {
    void peer.write(all);
    await peer.write("small");
    await peer.write(all);
    await peer.write("bye");
  });
  using client = await door.connect();
  const got = await lastWords(client);
  expect(got.equals(Buffer.concat([all, Buffer.from("small"), all, Buffer.from("bye")]))).toBe(true);
  expect(await door.ending()).toMatchObject({ reason: "local" });
});

test("a handler that awaits nothing cannot fill the memory", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    const all = Buffer.alloc(2 << 20);
    for (let i = 0; i < 4; i++) void peer.write(all);
    await peer.write("never");
  });
  using client = await door.connect();
  await lastWords(client);
  expect(await door.ending()).toMatchObject({ reason: "slow" });
});

test("what was written is the handler's own again", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    const bytes = new Uint8Array(2);
    for (let i = 0; i < 3; i++) await peer.write(bytes.fill(0x61 + i));
  });
  using client = await door.connect();
  expect(String(await lastWords(client))).toBe("aabbcc");
});

test("a peer that sends is paused while the handler does something else", async () => {
  const go = Promise.withResolvers<void>();
  await using door = await HandlerDoor.open(async (peer) => {
    await go.promise;
    let bytes = 0;
    for await (const chunk of peer.chunks()) bytes += chunk.length;
    await peer.write(String(bytes));
  });
  using client = await door.connect();
  const sent = client.write(Buffer.alloc(32 << 20));
  await until(() => door.runtime.inputBudget.used > 0, "the queue to fill");
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(door.runtime.inputBudget.used).toBeLessThan(1 << 20);
  go.resolve();
  await sent;
  client.halfClose();
  expect(String(await lastWords(client))).toBe(String(32 << 20));
});

test("what a handler has taken is not counted against the budget for input any more", async () => {
  const handler: Handler = async (peer) => {
    for await (const chunk of peer.chunks()) await peer.write(`${chunk.length}\n`);
  };
  await using door = await HandlerDoor.open(handler, {}, undefined, { inputBudget: 1000 });
  using one = await door.connect();
  using two = await door.connect();
  for (const client of [one, two, one]) {
    await client.write(Buffer.alloc(600));
    expect(await client.readLine()).toBe("600");
  }
});

test("two tasks of a handler that await large writes are no more than their peer can take", async () => {
  const piece = Buffer.alloc(300_000);
  await using door = await HandlerDoor.open(
    async (peer) => {
      const task = async () => {
        for (let i = 0; i < 10; i++) await peer.write(piece);
      };
      await Promise.all([task(), task()]);
    },
    { maxOutbox: 1_000_000 },
  );
  using client = await door.connect();
  expect((await lastWords(client)).length).toBe(20 * piece.length);
});

testWithRawPeers("a handler that writes to a peer that does not read waits, and nothing is lost", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for (let i = 0; i < 16; i++) await peer.write(Buffer.alloc(1 << 20));
  });
  await using frozen = await RawPeer.connect(door.port, 65_536);
  await until(() => door.runtime.outboxBudget.used > 0, "the kernel to be full");
  expect(door.runtime.outboxBudget.used).toBeLessThan(2 << 20);
  const read = await frozen.drain();
  expect(read.how).toBe("ended");
  expect(read.bytes.length).toBe(16 << 20);
});

test("a loop that is left can be taken up again, with nothing lost", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const line of peer.lines()) {
      if (line === "end of head") break;
      await peer.write(`head ${line}\n`);
    }
    for await (const line of peer.lines()) await peer.write(`body ${line}\n`);
  });
  using client = await door.connect();
  await client.write("a\nend of head\nb\nc\n");
  client.halfClose();
  expect(String(await lastWords(client))).toBe("head a\nbody b\nbody c\n");
});

test("a peer is read in one way", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    peer.lines();
    peer.frames();
  });
  using client = await door.connect();
  await lastWords(client);
  expect((await door.ending()).detail).toBe('this peer is read by lines(); it cannot be read by frames("!I") as well');
});

test.each([
  [100, "A".repeat(100)],
  [101, null],
])("a line of %i bytes, when 100 are allowed", async (length, answer) => {
  await using door = await HandlerDoor.open(shout);
  using client = await door.connect();
  await client.write(`${"a".repeat(length)}\n`);
  expect(await client.readLine()).toBe(answer ?? "a line is longer than 100 bytes");
  if (answer !== null) return;
  client.halfClose();
  expect(await door.ending()).toMatchObject({ reason: "violation", detail: "a line is longer than 100 bytes" });
});

test("a frame that is too long is told in a frame", async () => {
  await using door = await HandlerDoor.open(async (peer) => {
    for await (const body of peer.frames()) await peer.writeFrame(body);
  });
  using client = await door.connect();
  await client.write(Buffer.from([0, 0, 0x03, 0xe9]));
  const words = await lastWords(client);
  expect(words.readUInt32BE(0)).toBe(words.length - 4);
  const ending = await door.ending();
  expect(ending.reason).toBe("violation");
  expect(String(words.subarray(4))).toBe(ending.detail ?? "");
});

test("a line that was begun must be complete within a minute, however it drips", async () => {
  const clock = new HandClock();
  await using door = await HandlerDoor.open(shout, {}, clock);
  using client = await door.connect();
  await client.write("whole\nha");
  expect(await client.readLine()).toBe("WHOLE");
  await until(() => clock.waiting > 0, "the deadline");
  clock.move(59_000);
  await client.write("l");
  await until(() => door.door.stats().bytesIn === 9, "the byte");
  clock.move(2_000);
  expect(String(await lastWords(client))).toBe("what was begun was not complete in time\r\n");
  expect(await door.ending()).toMatchObject({ reason: "stall" });
});

test("a shutdown ends the loop and lets the handler finish its writes", async () => {
  const handler: Handler = async (peer) => {
    await peer.write("hello\n");
    for await (const line of peer.lines()) await peer.write(`${line}\n`);
    await peer.write("bye\n");
  };
  const door = await HandlerDoor.open(handler);
  using client = await door.connect();
  await client.readLine();
  await client.write("half a li");
  await until(() => door.door.stats().bytesIn === 9, "the bytes");
  door.door.suspend();
  const drained = door.door.drain(door.runtime.clock.mono() + 10_000);
  expect(String(await lastWords(client))).toBe("bye\n");
  expect(await within(drained, "the drain")).toEqual({ killed: 0 });
});

test("a handler that goes on is waited for until the deadline, then killed", async () => {
  const clock = new HandClock();
  const forever: Handler = async (peer: Peer) => {
    await peer.write("hello\n");
    await new Promise(() => {});
  };
  const door = await HandlerDoor.open(forever, {}, clock);
  using client = await door.connect();
  await client.readLine();
  door.door.suspend();
  const drained = door.door.drain(clock.mono() + 10_000);
  clock.move(2_001);
  await until(() => clock.waiting > 0, "the second wait");
  expect(door.door.stats().open).toBe(1);
  clock.move(8_000);
  expect(await within(drained, "the drain")).toEqual({ killed: 1 });
});

test("one peer's endless lines leave the others their turn", async () => {
  await using door = await HandlerDoor.open(shout);
  using busy = await door.connect();
  using other = await door.connect();
  void busy.write("\n".repeat(2_000_000)).catch(() => {});
  await busy.readLine();
  await other.write("me too\n");
  expect(await other.readLine()).toBe("ME TOO");
  expect(door.door.stats().bytesIn).toBeLessThan(2_000_000);
});
