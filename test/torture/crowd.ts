import type { Socket } from "bun";
import { frame } from "../support/frames.ts";
import { Random } from "../support/random.ts";

/**
 * A process of many chat clients that dies badly. `bun crowd.ts LINE_PORT FRAMED_PORT CLIENTS SEED` connects them, has
 * them talk in lobby and rooms, and kills them one by one in the middle of it, in an order and by ways that the seed
 * decides. It prints `connected`, then `dying LEFT` when a tenth is left, and then goes on until it is killed itself.
 */
interface Client {
  readonly socket: Socket<{ readonly number: number }>;
  readonly framed: boolean;
  readonly room: string;
  said: number;
}

/** Below the kernel's queue of connections that wait to be accepted, which Bun sets to 512. */
const BATCH = 250;
const ROOMS = 40;

const [linePort = 0, framedPort = 0, count = 0, seed = 0] = process.argv.slice(2).map(Number);
const random = new Random(seed);
const clients: Client[] = [];

for (let from = 0; from < count; from += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => enter(from + i));
  clients.push(...(await Promise.all(batch)));
}
process.stdout.write("connected\n");

const victims = random.shuffle(clients);
const survivors = Math.ceil(count / 10);
const alive = new Set(clients);
while (alive.size > survivors) {
  const living = [...alive];
  for (let i = 0; i < 8; i++) talk(living[random.below(living.length)]);
  for (let i = random.below(8); i >= 0 && alive.size > survivors; i--) {
    const victim = victims.pop();
    if (victim === undefined) break;
    alive.delete(victim);
    kill(victim);
  }
  await new Promise<void>((resolve) => setImmediate(resolve));
}
process.stdout.write(`dying ${alive.size}\n`);
for (;;) {
  for (const client of alive) talk(client);
  await new Promise<void>((resolve) => setImmediate(resolve));
}

async function enter(number: number): Promise<Client> {
  const framed = number % 3 === 0;
  const room = random.below(4) === 0 ? "#lobby" : `#r${random.below(ROOMS)}`;
  // Who is killed before it was accepted was never there, and nobody tells of its end.
  const accepted = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: framed ? framedPort : linePort,
    data: { number },
    socket: { data: () => accepted.resolve(), error() {}, close() {} },
  });
  const client = { socket, framed, room, said: 0 };
  if (framed)
    socket.write(frame(JSON.stringify({ op: "hello", v: 1, service: "chat", name: `f${number}`, room, id: 1 })));
  else socket.write(`/nick l${number}\r\n${room === "#lobby" ? "" : `/join ${room}\r\n`}`);
  await accepted.promise;
  return client;
}

function talk(client: Client | undefined): void {
  // The flood limit would only make the rest wait.
  if (client === undefined || client.said > 10) return;
  client.socket.write(message(client));
  client.said++;
}

function message({ framed, room, said }: Client): Uint8Array {
  const text = `message ${said} ${"x".repeat(random.below(200))}`;
  return framed ? frame(JSON.stringify({ op: "say", room, text })) : Buffer.from(`${text}\r\n`);
}

/** With a reset, with a close, or with half a message behind it. */
function kill(client: Client): void {
  const { socket } = client;
  const how = random.below(4);
  if (how === 0) socket.write(message(client).subarray(0, 3));
  if (how === 1) socket.end();
  else if (how === 2) socket.shutdown();
  else socket.terminate();
  if (how === 2) setImmediate(() => socket.terminate());
}
