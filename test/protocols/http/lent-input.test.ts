import { expect, test } from "bun:test";
import type { Responder } from "../../../protocols/http/responder.ts";
import { HttpSession } from "../../../protocols/http/session.ts";
import { plain } from "../../../protocols/http/wire/reply.ts";
import type { Connection } from "../../../src/net/protocol.ts";

/** Keeps the bodies of all requests, by their targets. */
class Keeping implements Responder {
  readonly messageMs = 5_000;
  readonly idleMs = 5_000;
  readonly bodies = new Map<string, Buffer>();

  async answer(...[head, body]: Parameters<Responder["answer"]>) {
    const pieces: Buffer[] = [];
    // As a disk that is asked first whether there is room.
    await new Promise(setImmediate);
    await body.pipe((piece) => void pieces.push(Buffer.from(piece)));
    this.bodies.set(head.target, Buffer.concat(pieces));
    return plain("done");
  }

  dateField(): string {
    return "";
  }

  refusal() {
    return plain("no", 400);
  }
}

const conn = {
  state: "open",
  send: () => true,
  deadline() {},
  finish() {
    throw new Error("the connection was ended");
  },
} as unknown as Connection;

const head = (target: string) => `PUT ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;

/** So many bytes that tell where they are from, in chunks that are handed on one by one. */
function chunks(count: number): { readonly sent: string; readonly body: string } {
  const pieces = Array.from({ length: count }, (_, i) => String.fromCharCode(65 + (i % 26)).repeat(16 * 1024));
  return { sent: `${pieces.map((piece) => `4000\r\n${piece}\r\n`).join("")}0\r\n\r\n`, body: pieces.join("") };
}

test("what is kept for a later turn is no longer what was lent", async () => {
  const responder = new Keeping();
  const session = new HttpSession(responder, conn);
  const { sent, body } = chunks(40);
  const lent = Buffer.from(head("/a") + sent + head("/b") + sent);
  const wait = session.onData(lent);
  lent.fill("#");
  await wait;
  await new Promise(setImmediate);
  expect([...responder.bodies.keys()]).toEqual(["/a", "/b"]);
  for (const kept of responder.bodies.values()) expect(kept.equals(Buffer.from(body))).toBe(true);
});
