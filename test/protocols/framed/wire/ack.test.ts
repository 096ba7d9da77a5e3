import { describe, expect, test } from "bun:test";
import { HandClock } from "../../../support/hand-clock.ts";
import type { TcpClient } from "../../../support/tcp.ts";
import { Framed, splits } from "./framed.ts";

const config = { frameAck: true };
const header = (length: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
};

async function exchange(client: TcpClient, body: string): Promise<void> {
  await client.write(header(body.length));
  expect((await client.readExactly(2)).toString()).toBe("ok");
  await client.write(body);
  expect((await client.readExactly(4)).readUInt32BE()).toBe(body.length);
  await client.write("ok");
  expect((await client.readExactly(body.length)).toString()).toBe(body.toUpperCase());
}

describe("--frame-ack", () => {
  test("waits for ok in both directions, message after message", async () => {
    await using framed = await Framed.open({ config });
    using client = await framed.tcp();
    for (const body of ["sticky", "", "x".repeat(100_000), '{"op":"hello","v":1,"service":"chat"}']) {
      await exchange(client, body);
    }
  });

  test("understands a peer that does not wait, at every split", async () => {
    await using framed = await Framed.open({ config });
    using client = await framed.tcp();
    const sent = Buffer.concat([header(3), Buffer.from("abcok"), header(0), Buffer.from("ok")]);
    const answer = Buffer.concat([Buffer.from("ok"), header(3), Buffer.from("ABCok"), header(0)]);
    for (const pieces of splits(sent)) {
      await framed.feed(client, pieces);
      expect((await client.readExactly(answer.length)).equals(answer)).toBe(true);
    }
  });

  test("does not send the body before ok", async () => {
    await using framed = await Framed.open({ config });
    using client = await framed.tcp();
    await client.write(Buffer.concat([header(1), Buffer.from("ao")]));
    await client.readExactly(6);
    expect(client.inbox.unread.length).toBe(0);
    await client.write("k");
    expect((await client.readExactly(1)).toString()).toBe("A");
  });

  test("ends with a reason when something else than ok comes, and when a length is too large", async () => {
    for (const bytes of [Buffer.concat([header(1), Buffer.from("ano")]), Buffer.from("ffffffff", "hex")]) {
      await using framed = await Framed.open({ config });
      using client = await framed.tcp();
      await client.write(bytes);
      expect((await client.readAll()).toString()).toContain('"reason":"violation"');
      client.halfClose();
      await framed.closed("violation");
    }
  });

  test("a peer that never says ok meets the deadline", async () => {
    const clock = new HandClock();
    await using framed = await Framed.open({ config, clock });
    using client = await framed.tcp();
    await client.write(Buffer.concat([header(1), Buffer.from("a")]));
    await client.readExactly(6);
    clock.move(59_000);
    expect(framed.door.stats().open).toBe(1);
    clock.move(3_000);
    client.halfClose();
    await framed.closed("stall");
  });

  test("where echo is denied is told so", async () => {
    await using framed = await Framed.open({ config, deny: "echo" });
    using client = await framed.tcp();
    await client.write(Buffer.concat([header(1), Buffer.from("a")]));
    expect((await client.readAll()).toString()).toContain('"reason":"denied"');
  });
});
