import { ok } from "node:assert";
import type { Responder } from "../../protocols/http/responder.ts";
import { HttpSession } from "../../protocols/http/session.ts";
import { HttpError } from "../../protocols/http/wire/http-error.ts";
import { json, type Reply } from "../../protocols/http/wire/reply.ts";
import { cut } from "../bytes/chunks.ts";
import { answersIn } from "../support/http-talk.ts";
import { MemoryConnection } from "../support/memory-connection.ts";

const MOST_BODY = 100;

/** Reads bodies of at most 100 bytes and says how long they were; below `/late` a turn later. */
const responder: Responder = {
  messageMs: 1_000,
  idleMs: 1_000,
  dateField: () => "",
  refusal: ({ status, message }) => json({ message }, status),
  async answer(head, body): Promise<Reply> {
    if (head.target.startsWith("/late")) await new Promise(setImmediate);
    try {
      return json({ length: (await body.bytes(MOST_BODY)).length });
    } catch (error) {
      return json({}, error instanceof HttpError ? error.status : 400);
    }
  },
};

const said = (text: string) => Uint8Array.from(`\x07${text}`, (char) => char.charCodeAt(0));
const HEAD = "GET /late HTTP/1.1\r\nHost: a\r\n";

/** The first byte says where the rest is cut. What goes out is whole answers in any case, and the same however it is cut. */
export const target = {
  name: "http-requests",
  corpus: [
    said(`${HEAD}\r\n${HEAD}\r\n`),
    said("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n"),
    said(
      "PUT /late HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\na: b\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    ),
    said("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 200\r\nConnection: close\r\n\r\nx"),
  ],
  async run(input: Uint8Array): Promise<void> {
    const [step = 0, ...rest] = input;
    const data = Uint8Array.from(rest);
    const positions =
      step === 0 ? [] : Array.from({ length: Math.floor(data.length / step) }, (_, i) => (i + 1) * step);
    const [cutUp, whole] = await Promise.all([talk(cut(data, positions)), talk(data.length === 0 ? [] : [data])]);
    // What is broken may be refused before its end has come, so only what was granted must be the same.
    const granted = (statuses: readonly number[]) => statuses.filter((status) => status === 200).length;
    ok(granted(cutUp) === granted(whole), `cut up it was answered ${cutUp}, and whole ${whole}`);
  },
};

async function talk(chunks: readonly Uint8Array[]): Promise<number[]> {
  const conn = new MemoryConnection(1);
  const session = new HttpSession(responder, conn);
  conn.session = session;
  for (const chunk of chunks) {
    if (conn.state === "open") await conn.type(chunk);
    ok((session.buffered ?? 0) <= 16 * 1024, "more than a head is held");
  }
  for (let turns = 0; turns < 4; turns++) await new Promise(setImmediate);
  conn.close();
  for (let turns = 0; turns < 2; turns++) await new Promise(setImmediate);
  return answersIn(conn.takeBytes().toString("latin1").replaceAll("HTTP/1.1 100 Continue\r\n\r\n", "")).map(
    ({ status }) => status,
  );
}
