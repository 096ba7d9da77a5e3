import { Asker } from "../asker.ts";
import { openUdp, type UdpClient } from "../udp-client.ts";
import type { Load, Running, Tally } from "./load.ts";
import { Pattern } from "./pattern.ts";

/** A datagram without an answer for this long is lost; one that comes later is not counted. */
const LOST_MS = 1_000;
const SWEEP_MS = 100;
/** Hex digits of its number that a datagram begins with. */
export const NUMBER_LENGTH = 8;

/** Datagrams to the echo door: numbered, so that each answer is matched with its question; what does not come is counted. */
export async function benchUdp(load: Load, tally: Tally): Promise<Running> {
  await probe(load);
  const pattern = new Pattern(load.size);
  const senders = await Promise.all(Array.from({ length: load.connections }, () => Sender.open(load, tally, pattern)));
  for (const sender of senders) sender.start();
  const sweep = setInterval(() => senders.forEach((sender) => void sender.sweep()), SWEEP_MS);
  return {
    async stop() {
      await Promise.all(senders.map((sender) => sender.stop()));
      clearInterval(sweep);
      for (const sender of senders) sender.close();
    },
  };
}

/** Nobody may be there; better told at once than by a table full of losses. */
async function probe(load: Load): Promise<void> {
  const asker = await Asker.open(load.target);
  try {
    await asker.ask(Buffer.from("probe"));
  } finally {
    asker.close();
  }
}

/** A socket that keeps `pipeline` datagrams under way. */
class Sender {
  private readonly sentAt = new Map<number, number>();
  private next = 0;
  private stopping = false;
  private socket: UdpClient | null = null;
  private readonly idle = Promise.withResolvers<void>();

  private constructor(
    private readonly load: Load,
    private readonly tally: Tally,
    private readonly pattern: Pattern,
  ) {}

  static async open(load: Load, tally: Tally, pattern: Pattern): Promise<Sender> {
    const sender = new Sender(load, tally, pattern);
    sender.socket = await openUdp(
      load.target,
      (datagram) => sender.hear(datagram),
      () => tally.error("nobody listens there any more"),
    );
    return sender;
  }

  start(): void {
    for (let i = 0; i < this.load.pipeline; i++) this.ask();
  }

  /** Counts as lost what had no answer for a second, and asks anew in its place. */
  sweep(): void {
    const oldest = performance.now() - LOST_MS;
    for (const [number, sentAt] of this.sentAt) {
      // In the order of sending: those behind are younger.
      if (sentAt > oldest) break;
      this.sentAt.delete(number);
      this.tally.lost += 1;
      this.goOn();
    }
  }

  /** Resolves when everything under way was answered or is lost. */
  stop(): Promise<void> {
    this.stopping = true;
    if (this.sentAt.size === 0) this.idle.resolve();
    return this.idle.promise;
  }

  close(): void {
    this.socket?.close();
  }

  private ask(): void {
    const number = this.next;
    this.next = (this.next + 1) % 2 ** 32;
    this.sentAt.set(number, performance.now());
    const datagram = Buffer.allocUnsafe(this.load.size);
    datagram.write(label(number), "latin1");
    datagram.set(this.pattern.question(number, this.load.size - NUMBER_LENGTH), NUMBER_LENGTH);
    try {
      this.socket?.send(datagram);
    } catch {
      // The error of an earlier datagram; this one is sent or will be swept.
    }
  }

  private hear(answer: Buffer): void {
    const number = Number.parseInt(answer.toString("latin1", 0, NUMBER_LENGTH), 16);
    const sentAt = this.sentAt.get(number);
    if (sentAt === undefined) return;
    this.sentAt.delete(number);
    const right = answer.length === this.load.size && this.pattern.answers(answer.subarray(NUMBER_LENGTH), number);
    if (right) this.tally.answer(performance.now() - sentAt);
    else this.tally.error("an answer is not the question in upper case");
    this.goOn();
  }

  private goOn(): void {
    if (!this.stopping) this.ask();
    else if (this.sentAt.size === 0) this.idle.resolve();
  }
}

/** Capitals, so that the answer has the same digits. */
function label(number: number): string {
  return number.toString(16).toUpperCase().padStart(NUMBER_LENGTH, "0");
}
