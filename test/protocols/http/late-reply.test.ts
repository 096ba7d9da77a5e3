import { expect, test } from "bun:test";
import type { Responder } from "../../../protocols/http/responder.ts";
import { HttpSession } from "../../../protocols/http/session.ts";
import { empty, plain, type Reply } from "../../../protocols/http/wire/reply.ts";
import type { Connection } from "../../../src/net/protocol.ts";
import { TestDoor } from "../../net/test-door.ts";
import { until } from "../../support/deadline.ts";
import { connect, type TcpClient } from "../../support/tcp.ts";

/** A door whose one answer comes when the test says so. */
class LateDoor implements AsyncDisposable {
  private readonly reply = Promise.withResolvers<Reply>();
  private asked = false;
  private session: HttpSession | null = null;
  private conn: Connection | null = null;
  private door: TestDoor | null = null;

  static async open(): Promise<LateDoor> {
    const late = new LateDoor();
    const responder: Responder = {
      ...{ messageMs: 5_000, idleMs: 5_000, dateField: () => "", refusal: ({ status }) => plain("no", status) },
      answer: () => {
        late.asked = true;
        return late.reply.promise;
      },
    };
    late.door = await TestDoor.open((conn) => {
      late.conn = conn;
      late.session = new HttpSession(responder, conn);
      return late.session;
    });
    return late;
  }

  async ask(): Promise<TcpClient> {
    const client = await connect({ port: this.door?.port ?? 0 });
    await client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => this.asked, "the request");
    return client;
  }

  answer(reply: Reply): void {
    this.reply.resolve(reply);
  }

  get ending() {
    return this.door?.ending();
  }

  shutdown(): void {
    this.session?.onShutdown();
  }

  ban(): void {
    this.conn?.kill({ kind: "banned" }, this.session?.farewell({ kind: "banned" }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.door?.[Symbol.asyncDispose]();
  }
}

/** An answer without end, and what becomes of it. */
function endless(told: string[]): Reply {
  const body = {
    open: ({ end }: { end(): void }) => {
      told.push("open");
      body.finish = () => {
        told.push("finish");
        end();
      };
    },
    finish: () => {},
    cancel: () => void told.push("cancel"),
  };
  return { status: 200, fields: {}, body };
}

test("an answer to who has gone meanwhile is given back, and not begun", async () => {
  const told: string[] = [];
  await using door = await LateDoor.open();
  const client = await door.ask();
  client.reset();
  await door.ending;
  door.answer(endless(told));
  await until(() => told.length > 0, "the answer");
  expect(told).toEqual(["cancel"]);
});

test("nobody who has gone meanwhile is upgraded", async () => {
  let upgraded = 0;
  await using door = await LateDoor.open();
  const client = await door.ask();
  client.reset();
  await door.ending;
  const upgrade = () => {
    upgraded++;
    return { onData() {} };
  };
  door.answer({ ...empty(101), upgrade });
  await new Promise(setImmediate);
  expect(upgraded).toBe(0);
});

test("an answer without end that begins while the server drains is ended at once", async () => {
  const told: string[] = [];
  await using door = await LateDoor.open();
  using client = await door.ask();
  door.shutdown();
  door.answer(endless(told));
  expect((await client.readAll()).toString()).toStartWith("HTTP/1.1 200 OK\r\n");
  expect(told.slice(0, 2)).toEqual(["open", "finish"]);
});

test("an upgrade while the server drains is told so at once", async () => {
  let told = 0;
  await using door = await LateDoor.open();
  using client = await door.ask();
  door.shutdown();
  const upgrade = (conn: Connection) => ({
    onData() {},
    onShutdown() {
      told++;
      conn.finish(Buffer.from("bye"));
    },
  });
  door.answer({ ...empty(101), upgrade });
  expect((await client.readAll()).toString()).toEndWith("\r\n\r\nbye");
  expect(told).toBe(1);
});

test("who is banned before its answer has begun is told so, and nobody in the middle of one", async () => {
  await using door = await LateDoor.open();
  using client = await door.ask();
  door.ban();
  expect((await client.readAll()).toString()).toStartWith("HTTP/1.1 403 Forbidden\r\n");

  await using other = await LateDoor.open();
  using reader = await other.ask();
  other.answer(endless([]));
  await reader.readUntil("\r\n\r\n");
  other.ban();
  await reader.closed;
  expect(reader.inbox.unread.toString()).toBe("");
});

test("an answer to who was told meanwhile that it is banned is given back, and not begun", async () => {
  const told: string[] = [];
  await using door = await LateDoor.open();
  using client = await door.ask();
  door.ban();
  door.answer(endless(told));
  await until(() => told.length > 0, "the answer");
  expect(told).toEqual(["cancel"]);
  const said = (await client.readAll()).toString();
  expect(said.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 403"]);
  expect(await door.ending).toEqual({ kind: "banned" });
});

test("an answer that fails when it is given back ends its connection", async () => {
  await using door = await LateDoor.open();
  using client = await door.ask();
  const done = () => {
    throw new Error("the disk is gone");
  };
  door.answer({ status: 200, fields: {}, body: { length: 1, segments: () => [Buffer.from("a")], done } });
  expect(await door.ending).toMatchObject({ kind: "error", error: { message: "the disk is gone" } });
  await client.closed;
});
