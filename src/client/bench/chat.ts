import { textOf, type WireEvent } from "../messages.ts";
import { ConnectionLost, Wire } from "../wire.ts";
import type { Load, Running, Tally } from "./load.ts";

/** Connections being opened at the same time. */
const OPENING = 100;
/** At the end, deliveries are waited for until this long nothing came. */
const QUIET_MS = 2_000;
const LOOK_MS = 50;
/** Messages of a publisher whose moments are remembered; a receiver further behind is not timed. */
const REMEMBERED = 65_536;

/**
 * One room of its own: `publishers` say numbered messages, each with `pipeline` under way, and `connections` others must
 * get every one of them once and in order.
 */
export async function benchChat(load: Load, tally: Tally): Promise<Running> {
  const room = `#bench-${crypto.randomUUID().slice(0, 8)}`;
  const publishers = Array.from({ length: load.publishers }, (_, index) => new Publisher(load, tally, room, index));
  const receivers = Array.from({ length: load.connections }, () => new Receiver(tally, publishers));
  const members = [...publishers, ...receivers];
  const close = () => members.forEach((member) => void member.close());
  try {
    for (let at = 0; at < members.length; at += OPENING) {
      await Promise.all(members.slice(at, at + OPENING).map((member) => member.enter(load, room)));
    }
  } catch (error) {
    close();
    throw error;
  }
  for (const publisher of publishers) publisher.start();
  return {
    async stop() {
      await Promise.all(publishers.map((publisher) => publisher.stop()));
      const missing = () => tally.said * load.connections - tally.answers - tally.disordered;
      await settle(() => tally.answers, missing);
      tally.lost = Math.max(0, missing());
      close();
    },
  };
}

/** Waits until nothing is missing, or nothing came for two seconds. */
async function settle(came: () => number, missing: () => number): Promise<void> {
  let before = -1;
  for (let silent = 0; missing() > 0 && silent < QUIET_MS; silent += LOOK_MS) {
    if (came() !== before) silent = 0;
    before = came();
    await Bun.sleep(LOOK_MS);
  }
}

/** Someone in the room. */
abstract class Member {
  protected wire: Wire | null = null;
  private closing = false;

  constructor(protected readonly tally: Tally) {}

  async enter(load: Load, room: string): Promise<void> {
    this.wire = await Wire.connect(load.target, {
      event: (event) => this.hear(event),
      closed: (error) => {
        if (!this.closing) this.tally.error(error?.message ?? "the server closed a connection");
      },
    });
    await this.wire.ask("hello", { v: 1, service: "chat", room });
  }

  close(): void {
    this.closing = true;
    this.wire?.close();
  }

  protected abstract hear(event: WireEvent): void;
}

class Publisher extends Member {
  /** Behind the number, so that the text has the size that was asked for. */
  private readonly padding: string;
  readonly #sentAt = new Float64Array(REMEMBERED);
  private sent = 0;
  private underWay = 0;
  private stopping = false;
  private readonly idle = Promise.withResolvers<void>();

  constructor(
    private readonly load: Load,
    tally: Tally,
    private readonly room: string,
    private readonly index: number,
  ) {
    super(tally);
    this.padding = "tin can ".repeat(Math.ceil(load.size / 8)).slice(0, load.size);
  }

  start(): void {
    for (let i = 0; i < this.load.pipeline; i++) this.say();
  }

  /** Resolves when the server has answered everything. */
  stop(): Promise<void> {
    this.stopping = true;
    if (this.underWay === 0) this.idle.resolve();
    return this.idle.promise;
  }

  /** The text of message `number`, as every receiver must get it. */
  text(number: number): string {
    return `${this.index}.${number} ${this.padding}`.slice(0, Math.max(this.load.size, 12));
  }

  /** When message `number` was said; null when that is forgotten. */
  sentAt(number: number): number | null {
    return this.sent - number < REMEMBERED ? (this.#sentAt[number % REMEMBERED] ?? null) : null;
  }

  protected hear(_: WireEvent): void {}

  private say(): void {
    const number = this.sent;
    this.sent += 1;
    this.underWay += 1;
    this.#sentAt[number % REMEMBERED] = performance.now();
    this.wire?.send("say", { room: this.room, text: this.text(number) }, (outcome) => {
      this.underWay -= 1;
      if (outcome instanceof Error) this.tally.error(outcome.message);
      else this.tally.said += 1;
      if (!this.stopping && !(outcome instanceof ConnectionLost)) this.say();
      else if (this.underWay === 0) this.idle.resolve();
    });
  }
}

class Receiver extends Member {
  /** The number of the last message of each publisher. */
  private readonly last: number[];

  constructor(
    tally: Tally,
    private readonly publishers: readonly Publisher[],
  ) {
    super(tally);
    this.last = publishers.map(() => -1);
  }

  protected hear(event: WireEvent): void {
    if (event.event !== "message") return;
    const text = textOf(event, "text");
    const [, index, number] = /^(\d+)\.(\d+) /.exec(text)?.map(Number) ?? [];
    const publisher = index === undefined ? undefined : this.publishers[index];
    if (index === undefined || number === undefined || publisher?.text(number) !== text) {
      this.tally.error("a message was delivered that nobody said");
    } else if (number <= (this.last[index] ?? -1)) {
      this.tally.disordered += 1;
    } else {
      this.last[index] = number;
      this.tally.answer(performance.now() - (publisher.sentAt(number) ?? performance.now()));
    }
  }
}
