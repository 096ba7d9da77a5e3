import { expect, test } from "bun:test";
import { FramedClient } from "../support/frames.ts";
import { startTincan } from "../support/tincan.ts";

const TALKERS = 20;
/** Messages that a talker has said and that were not answered yet. */
const WINDOW = 8;

test("SIGTERM under load: every message that has a seq reaches everybody, and the end comes within the grace", async () => {
  await using tincan = await startTincan(["--doors", "framed", "--chat-rate", "0"]);
  const to = { port: tincan.port("framed") };
  const clients: FramedClient[] = [];
  for (let i = 0; i < TALKERS; i++) clients.push(await FramedClient.chat(to, { name: `talker${i}` }));
  const loaded = Promise.withResolvers<void>();
  const chats = Promise.all(clients.map((client) => chat(client, loaded.resolve)));
  await loaded.promise;
  const started = performance.now();
  expect(await tincan.stop("SIGTERM")).toBe(0);
  expect(performance.now() - started).toBeLessThan(10_000);
  const [first = [], ...others] = await chats;
  expect(first.length).toBeGreaterThan(TALKERS * 50);
  expect(first).toEqual(first.map((_, i) => i + 1));
  for (const seqs of others) expect(seqs).toEqual(first);
  const { killed } = await tincan.waitForEvent(({ event }) => event === "stopped");
  expect(killed).toBe(0);
}, 60_000);

/**
 * Talks until the server says bye. Resolves with every seq that it was told, of others' messages and of its own, in the
 * order in which they came.
 */
async function chat(client: FramedClient, loaded: () => void): Promise<number[]> {
  const seqs: number[] = [];
  const say = () => client.send({ op: "say", id: 7, room: "#lobby", text: "x".repeat(200) }).catch(() => {});
  for (let i = 0; i < WINDOW; i++) void say();
  for (;;) {
    const message = await client.receive();
    if (typeof message["seq"] === "number") seqs.push(message["seq"]);
    if (message["id"] === 7) void say();
    if (seqs.length === TALKERS * 50) loaded();
    if (message["event"] !== "bye") continue;
    client.tcp.halfClose();
    return seqs;
  }
}
