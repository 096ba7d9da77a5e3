import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { commands } from "../../../protocols/line/commands.ts";
import { lineDoor } from "../../../protocols/line/index.ts";
import { Hub } from "../../../src/chat/hub.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import { systemClock } from "../../../src/clock.ts";
import type { NetLimits } from "../../../src/net/limits.ts";
import { createRuntime } from "../../../src/net/runtime.ts";
import { until } from "../../support/deadline.ts";
import { withoutFiles } from "../../support/door-context.ts";
import { connect, type TcpClient } from "../../support/tcp.ts";

/** A line door on a free port, and clients of it; all are gone at the end of the test. */
async function open(limits: Partial<NetLimits> = {}, chat = true) {
  const runtime = createRuntime({ limits });
  const hub = new Hub({ log: new MemoryLog(), clock: systemClock, rate: 0 });
  const door = lineDoor.open({
    ...withoutFiles,
    runtime,
    hub,
    config: { lineCharset: [] },
    listen: [{ host: "127.0.0.1", port: 0 }],
    allow: { chat, echo: true, udp: true },
    maxFrame: 1 << 20,
    server: "tincan/test",
    portOf: () => null,
  });
  await door.start();
  const clients: TcpClient[] = [];
  const port = door.listeners[0]?.port ?? 0;
  return {
    hub,
    door,
    async client(): Promise<TcpClient> {
      const client = await connect({ port });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client[Symbol.dispose]();
      door.suspend();
      await door.drain(systemClock.mono());
    },
  };
}

async function greeted(client: TcpClient): Promise<TcpClient> {
  await client.readUntil(/-- (?:here|nobody|\d+ others).*\r\n/);
  return client;
}

describe("over real sockets", () => {
  test("a line half typed at half-close is said, answered and flushed before the end", async () => {
    await using chat = await open();
    const ann = await greeted(await chat.client());
    const bob = await greeted(await chat.client());
    await ann.readUntil("joined\r\n");
    await bob.write("/who\nlast words");
    bob.halfClose();
    expect((await bob.readAll()).toString()).toMatch(/^-- in #lobby: guest1, guest2\r\n$/);
    expect(await ann.readUntil("left\r\n")).toBe("guest2: last words\r\n-- guest2 left\r\n");
    await bob.closed;
    expect(chat.hub.stats().members).toBe(1);
  });

  test("everybody is told of a shutdown", async () => {
    await using chat = await open();
    const ann = await greeted(await chat.client());
    chat.door.suspend();
    const drained = chat.door.drain(systemClock.mono() + 10_000);
    expect((await ann.readAll()).toString()).toBe("-- the server is shutting down\r\n");
    ann.halfClose();
    expect(await drained).toEqual({ killed: 0 });
    expect(chat.hub.stats().members).toBe(0);
  });

  test("half a line for ever meets the deadline, and its owner is told", async () => {
    await using chat = await open({ messageMs: 50 });
    const ann = await greeted(await chat.client());
    await ann.write("half a li");
    expect((await ann.readAll()).toString()).toMatch(/^-- the line that you began .*\r\n$/);
    ann.halfClose();
    await until(() => chat.door.stats().closed["stall"] === 1, "the door to count a stall");
  });

  test("a full server says so, and enters nobody", async () => {
    await using chat = await open({ maxConnections: 1 });
    await greeted(await chat.client());
    const late = await chat.client();
    expect((await late.readAll()).toString()).toBe("-- the server is full, try again later\r\n");
    expect(chat.hub.stats().members).toBe(1);
  });

  test("where chat is denied the door says so and closes", async () => {
    await using chat = await open({}, false);
    const ann = await chat.client();
    await ann.write("hello\n");
    expect((await ann.readAll()).toString()).toBe("-- chat is not allowed here\r\n");
    expect(chat.hub.stats().members).toBe(0);
  });

  test("ten mebibytes without a newline are one refusal, and the chat goes on", async () => {
    await using chat = await open();
    const ann = await greeted(await chat.client());
    const bob = await greeted(await chat.client());
    await ann.readUntil("joined\r\n");
    for (let sent = 0; sent < 10; sent++) await bob.write(new Uint8Array(1024 * 1024).fill(0x78));
    await bob.write("\nstill here\n");
    expect(await ann.readLine()).toBe("guest2: still here");
    bob.halfClose();
    expect((await bob.readAll()).toString()).toMatch(/^-- that line was too long[^\n]*\r\n$/);
  });
});

test("the README names every command with its arguments, and no other", () => {
  const readme = readFileSync(new URL("../../../protocols/line/README.md", import.meta.url), "utf8");
  const named = Array.from(readme.matchAll(/^\| `(\/[^`]+)` \|/gm), ([, usage]) => usage);
  expect(named).toEqual(commands.map(({ name, args }) => `/${name} ${args}`.trimEnd()));
});

test("the command to paste", () => {
  expect(lineDoor.paste("::1", 8423, { lineCharset: [] })).toBe("nc ::1 8423");
});
