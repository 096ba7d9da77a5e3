import type { Socket } from "bun";
import type { Step } from "./forms.ts";

const ENTER_MS = 60_000;
const MOST_REMEMBERED = 16 * 1024;
/** Visitors that come in at the same time. */
const DOORMEN = 8;

/** What a visitor's bytes are for once it is in. */
export type Hear = (chunk: Uint8Array) => void;

/** A client that connects, comes in step by step, reads all that is sent to it, and writes whole messages. */
export class Visitor {
  /** False once the connection is closed, by whomever. */
  alive = false;
  private socket: Socket<Visitor> | null = null;
  private hear: Hear | null = null;
  private unsent: Buffer | null = null;
  /** While it comes in. */
  private said: { text: string; heard: () => void } | null = { text: "", heard: () => {} };

  /** Rejects when nobody listens, the connection ends before it is in, or a minute is over. */
  static async enter(port: number, steps: readonly Step[]): Promise<Visitor> {
    const visitor = new Visitor();
    await Bun.connect({ hostname: "127.0.0.1", port, data: visitor, socket: handler });
    const late = setTimeout(() => visitor.close(), ENTER_MS);
    try {
      for (const step of steps) await visitor.take(step);
      return visitor;
    } catch (error) {
      visitor.close();
      throw error;
    } finally {
      clearTimeout(late);
      visitor.said = null;
    }
  }

  /** Sends bytes; what the kernel does not take follows when it does. */
  write(bytes: Buffer): void {
    const all = this.unsent === null ? bytes : Buffer.concat([this.unsent, bytes]);
    const taken = Math.max(0, this.unsent === null ? (this.socket?.write(all) ?? 0) : 0);
    this.unsent = taken < all.length ? all.subarray(taken) : null;
  }

  /** From now on, what comes goes to `hear`; before, it was read and dropped. */
  listen(hear: Hear): void {
    this.hear = hear;
  }

  close(): void {
    this.socket?.end();
  }

  opened(socket: Socket<Visitor>): void {
    this.socket = socket;
    this.alive = true;
  }

  received(chunk: Buffer): void {
    if (this.hear !== null) this.hear(chunk);
    else if (this.said !== null) {
      this.said.text = (this.said.text + chunk.toString("latin1")).slice(-MOST_REMEMBERED);
      this.said.heard();
    }
  }

  drained(): void {
    const rest = this.unsent;
    this.unsent = null;
    if (rest !== null) this.write(rest);
  }

  closed(): void {
    this.alive = false;
    this.said?.heard();
  }

  private async take({ send, until }: Step): Promise<void> {
    this.write(Buffer.from(send, "latin1"));
    while (until !== null && this.said !== null && !this.said.text.includes(until)) {
      if (!this.alive) throw new Error(`the server did not let a client in: ${this.said.text.slice(-200)}`);
      await new Promise<void>((heard) => {
        if (this.said !== null) this.said.heard = heard;
      });
    }
  }
}

const handler: Bun.SocketHandler<Visitor> = {
  open: (socket) => socket.data.opened(socket),
  data: (socket, chunk) => socket.data.received(chunk),
  drain: (socket) => socket.data.drained(),
  close: (socket) => socket.data.closed(),
  error: (socket) => void socket.terminate(),
};

/**
 * Lets many in, a few at a time: a listen backlog may be as small as 10, and what does not fit into it waits a second.
 * Closes all of them when one is refused.
 */
export async function enterAll(
  port: number,
  count: number,
  steps: (at: number) => readonly Step[],
): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  let left = count;
  const doorman = async () => {
    try {
      while (left > 0) visitors.push(await Visitor.enter(port, steps(--left)));
    } catch (error) {
      left = 0;
      throw error;
    }
  };
  const results = await Promise.allSettled(Array.from({ length: DOORMEN }, doorman));
  const failed = results.find((result) => result.status === "rejected");
  if (failed === undefined) return visitors;
  for (const visitor of visitors) visitor.close();
  throw failed.reason;
}
