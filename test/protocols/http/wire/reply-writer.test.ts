import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { empty, plain, type Reply, type StreamBody } from "../../../../protocols/http/wire/reply.ts";
import { replyHead } from "../../../../protocols/http/wire/reply-head.ts";
import { ReplyWriter } from "../../../../protocols/http/wire/reply-writer.ts";
import type { RequestHead } from "../../../../protocols/http/wire/request-head.ts";
import { bytes } from "../../../bytes/chunks.ts";
import { MemoryConnection } from "../../../support/memory-connection.ts";

const DATE = "Date: now\r\n";

function asks(o: { method?: string; minor?: 0 | 1; connection?: string } = {}): RequestHead {
  const fields = new Map(o.connection === undefined ? [] : [["connection", o.connection]]);
  return { method: o.method ?? "GET", target: "/", minor: o.minor ?? 1, fields };
}

async function written(head: RequestHead, reply: Reply) {
  const conn = new MemoryConnection(1);
  const writer = new ReplyWriter(conn, { dateField: () => DATE });
  await writer.write(head, reply);
  const text = conn.takeBytes().toString("latin1");
  const end = text.indexOf("\r\n\r\n") + 4;
  return { head: text.slice(0, end), body: text.slice(end), close: writer.close, conn };
}

/** Gives these pieces, and then fails if it is told to. */
function stream(pieces: readonly string[], fails = false): StreamBody & { cancelled: number } {
  const left = [...pieces];
  return {
    cancelled: 0,
    next: async () => {
      const piece = left.shift();
      if (piece === undefined && fails) throw new Error("the disk is gone");
      return piece === undefined ? null : bytes(piece);
    },
    cancel() {
      this.cancelled++;
    },
  };
}

describe("an answer's head", () => {
  test("cannot be split by what somebody chose", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (value) => {
        const head = replyHead(empty(200, { "X-Name": value }), { framing: "length", persistence: null, date: DATE });
        const lines = Buffer.from(head).toString("latin1").split("\r\n");
        expect(lines.filter((line) => line.startsWith("X-Name: "))).toHaveLength(1);
        expect(lines).toHaveLength(8);
        expect(lines.join("")).not.toMatch(/[\r\n\0]/);
      }),
    );
  });

  test("says whether the connection goes on", async () => {
    const table: readonly (readonly [ask: RequestHead, line: string | null, close: boolean])[] = [
      [asks(), null, false],
      [asks({ connection: "close" }), "close", true],
      [asks({ connection: "Upgrade, CLOSE" }), "close", true],
      [asks({ connection: "keep-alive" }), null, false],
      [asks({ minor: 0 }), "close", true],
      [asks({ minor: 0, connection: "Keep-Alive" }), "keep-alive", false],
    ];
    for (const [ask, line, close] of table) {
      const out = await written(ask, plain("a"));
      expect(/\r\nConnection: (.*)\r\n/.exec(out.head)?.[1] ?? null).toBe(line);
      expect(out.close).toBe(close);
    }
  });
});

describe("an answer's body", () => {
  test("is not sent to HEAD, nor with 204 and 304", async () => {
    const head = await written(asks({ method: "HEAD" }), plain("hello"));
    expect([head.body, head.head.includes("\r\nContent-Length: 5\r\n")]).toEqual(["", true]);
    for (const status of [204, 304]) {
      const out = await written(asks(), { status, fields: {}, body: bytes("hello") });
      expect(out.body).toBe("");
      expect(out.head).not.toMatch(/content-length|transfer-encoding/i);
    }
  });

  test("of a stream comes in chunks, or to HTTP/1.0 up to the end", async () => {
    const pieces = ["hello", "", "x".repeat(20)];
    const chunked = stream(pieces);
    const out = await written(asks(), { status: 200, fields: {}, body: chunked });
    expect(out.head).toContain("\r\nTransfer-Encoding: chunked\r\n");
    expect(out.body).toBe(`5\r\nhello\r\n14\r\n${"x".repeat(20)}\r\n0\r\n\r\n`);
    expect(chunked.cancelled).toBe(1);
    const old = await written(asks({ minor: 0 }), { status: 200, fields: {}, body: stream(pieces) });
    expect(old.body).toBe(pieces.join(""));
    expect(old.close).toBe(true);
  });

  test("of a stream that fails ends the connection, and does not look whole", async () => {
    const out = await written(asks(), { status: 200, fields: {}, body: stream(["a"], true) });
    expect(out.body).toBe("1\r\na\r\n");
    expect(out.conn).toMatchObject({ state: "closed", why: { kind: "error" } });
  });

  test("of a file whose pieces fail ends the connection, and is told so", async () => {
    const told: boolean[] = [];
    const body = {
      length: 5,
      *segments() {
        yield bytes("he");
        throw new Error("the disk is gone");
      },
      done: (whole: boolean) => void told.push(whole),
    };
    const out = await written(asks(), { status: 200, fields: {}, body });
    expect(out.conn).toMatchObject({ state: "closed", why: { kind: "error" } });
    expect(told).toEqual([false]);
  });

  test("waits for room", async () => {
    const conn = new MemoryConnection(1);
    conn.freeze();
    const wait = new ReplyWriter(conn, { dateField: () => DATE }).write(asks(), plain("hello"));
    expect(wait).toBeInstanceOf(Promise);
    conn.thaw();
    await wait;
  });
});
