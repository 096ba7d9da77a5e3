import type { Socket } from "bun";
import { Lines } from "../bytes/lines.ts";
import { codeOf } from "../thrown.ts";
import type { Fields } from "./op.ts";
import { placeOf } from "./place.ts";

/** The longest answer, in bytes; a status with a thousand members and transfers has some 400 KiB. */
const MOST_ANSWER = 4 * 1024 * 1024;
const TIMEOUT_MS = 5_000;

/** There is no daemon at this state folder, or it does not answer. */
export class NoDaemon extends Error {
  override readonly name = "NoDaemon";

  constructor(
    /** `absent`: nobody listens. `denied`: it is another user's. `mute`: it does not answer. `gone`: it has ended meanwhile. */
    readonly kind: "absent" | "denied" | "mute" | "gone",
    options?: ErrorOptions,
  ) {
    super(`the daemon is ${kind}`, options);
  }
}

/** The daemon refused; `message` is its own sentence. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** A connection to the control socket of a running daemon. One question at a time. */
export class ControlClient implements Disposable {
  private readonly lines = new Lines(MOST_ANSWER);
  private answer: PromiseWithResolvers<string> | null = null;
  private socket: Socket | null = null;

  private constructor() {}

  /** @throws NoDaemon */
  static async open(folder: string): Promise<ControlClient> {
    const client = new ControlClient();
    const ended = () => client.answer?.reject(new NoDaemon("gone"));
    try {
      using place = placeOf(folder);
      client.socket = await Bun.connect({
        unix: place.path,
        socket: { data: (_, chunk) => client.hear(chunk), close: ended, error: ended },
      });
      return client;
    } catch (cause) {
      const code = codeOf(cause);
      throw new NoDaemon(code === "EACCES" || code === "EPERM" ? "denied" : "absent", { cause });
    }
  }

  /** Asks one thing. @throws NoDaemon, or {@link Refused} with the daemon's sentence */
  async ask(op: string, fields: Fields = {}): Promise<Fields> {
    const answer = Promise.withResolvers<string>();
    this.answer = answer;
    const late = setTimeout(() => answer.reject(new NoDaemon("mute")), TIMEOUT_MS);
    try {
      const request = Buffer.from(`${JSON.stringify({ op, ...fields })}\n`);
      // What is shorter than an empty socket's buffer is taken whole.
      if (this.socket?.write(request) !== request.length) throw new NoDaemon("gone");
      const told = JSON.parse(await answer.promise) as Fields;
      if (told["ok"] === true) return told;
      throw new Refused(String(told["error"]));
    } finally {
      clearTimeout(late);
      this.answer = null;
    }
  }

  [Symbol.dispose](): void {
    this.socket?.end();
  }

  private hear(chunk: Uint8Array): void {
    for (const line of this.lines.push(chunk)) {
      if (line === null) this.answer?.reject(new NoDaemon("mute"));
      else this.answer?.resolve(line);
    }
  }
}

/** Asks a running daemon one thing. @throws NoDaemon, Refused */
export async function askDaemon(folder: string, op: string, fields?: Fields): Promise<Fields> {
  using client = await ControlClient.open(folder);
  return await client.ask(op, fields);
}
