import { expect, test } from "bun:test";
import type { Responder } from "../../../protocols/http/responder.ts";
import { HttpSession } from "../../../protocols/http/session.ts";
import { plain } from "../../../protocols/http/wire/reply.ts";
import { TestDoor } from "../../net/test-door.ts";
import { readAnswer } from "../../support/http-talk.ts";
import { connect } from "../../support/tcp.ts";

const CHUNKS = 60_000;

/** Takes every body, and counts its pieces: all, and those of one turn of the loop. */
class Counting implements Responder {
  readonly messageMs = 5_000;
  readonly idleMs = 5_000;
  bytes = 0;
  pieces = 0;
  mostInTurn = 0;
  private inTurn = 0;
  private readonly nextTurn = () => {
    this.inTurn = 0;
  };

  async answer(...[, body]: Parameters<Responder["answer"]>) {
    await body.pipe((piece) => {
      this.bytes += piece.length;
      this.pieces++;
      this.inTurn++;
      this.mostInTurn = Math.max(this.mostInTurn, this.inTurn);
      if (this.inTurn === 1) setImmediate(this.nextTurn);
    });
    return plain("done");
  }

  dateField(): string {
    return "";
  }

  refusal() {
    return plain("no", 400);
  }
}

test.each([
  ["1", "x"],
  ["1;a", "x"],
  ["10", "0123456789abcdef"],
])("a body in chunks of %j takes few pieces, and not the turns of others", async (size, data) => {
  const responder = new Counting();
  await using door = await TestDoor.open((conn) => new HttpSession(responder, conn));
  using client = await connect({ port: door.port });
  const head = "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  await client.write(`${head}${`${size}\r\n${data}\r\n`.repeat(CHUNKS)}0\r\n\r\n`);
  expect((await readAnswer(client)).body).toBe("done");
  expect(responder.bytes).toBe(CHUNKS * data.length);
  expect(responder.pieces).toBeLessThan(CHUNKS / 50);
  // Two inputs may come in one turn.
  expect(responder.mostInTurn).toBeLessThan(40);
});
