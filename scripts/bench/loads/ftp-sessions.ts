import type { Socket } from "bun";
import type { Running, Tally } from "../../../src/client/bench/load.ts";
import { messageOf } from "../../../src/thrown.ts";

const LATE_MS = 10_000;

/** What a session of FTP does. */
export interface Errand {
  readonly port: number;
  readonly folder: string;
  /** Lines that a list of the folder has. */
  readonly lines: number;
}

/**
 * Somebody logs in, goes to a folder, lists it and leaves, and comes again; `visitors` at a time. A list that has not the
 * lines that it should is an error.
 */
export function startSessions(errand: Errand, visitors: number, tally: Tally): Running {
  let over = false;
  const come = async () => {
    while (!over) {
      const begun = performance.now();
      try {
        await session(errand);
        tally.answer(performance.now() - begun);
      } catch (error) {
        tally.error(messageOf(error));
        await Bun.sleep(10);
      }
    }
  };
  const all = Promise.all(Array.from({ length: visitors }, come));
  return {
    async stop() {
      over = true;
      await all;
    },
  };
}

async function session({ port, folder, lines }: Errand): Promise<void> {
  const control = await Line.open(port);
  const late = setTimeout(() => control.close(), LATE_MS);
  try {
    await control.reply("220");
    await control.ask("USER anonymous", "331");
    await control.ask("PASS bench@", "230");
    await control.ask(`CWD ${folder}`, "250");
    const [, dataPort] = /\|\|\|(\d+)\|/.exec(await control.ask("EPSV", "229")) ?? [];
    const data = await Line.open(Number(dataPort));
    await control.ask("LIST", "1");
    const list = await data.all();
    data.close();
    await control.reply("226");
    const count = list.split("\r\n").length - 1;
    if (count !== lines) throw new Error(`a list has ${count} lines instead of ${lines}`);
    await control.ask("QUIT", "221");
  } finally {
    clearTimeout(late);
    control.close();
  }
}

/** A connection, read line by line or to its end. */
class Line {
  private socket: Socket<Line> | null = null;
  private text = "";
  private ended = false;
  private heard: () => void = () => {};

  static async open(port: number): Promise<Line> {
    const line = new Line();
    line.socket = await Bun.connect({ hostname: "127.0.0.1", port, data: line, socket: HANDLER });
    return line;
  }

  ask(command: string, code: string): Promise<string> {
    this.socket?.write(`${command}\r\n`);
    return this.reply(code);
  }

  /** The last line of the next reply, which must have this code. */
  async reply(code: string): Promise<string> {
    for (;;) {
      const end = this.text.indexOf("\r\n");
      if (end === -1) {
        if (this.ended) throw new Error(`the server closed a connection before it said ${code}`);
        await this.more();
        continue;
      }
      const line = this.text.slice(0, end);
      this.text = this.text.slice(end + 2);
      if (!/^\d{3} /.test(line)) continue;
      if (!line.startsWith(code)) throw new Error(`the server said ${JSON.stringify(line)} instead of ${code}`);
      return line;
    }
  }

  async all(): Promise<string> {
    while (!this.ended) await this.more();
    return this.text;
  }

  close(): void {
    this.socket?.end();
  }

  hear(chunk: Buffer): void {
    this.text += chunk.toString("latin1");
    this.heard();
  }

  end(): void {
    this.ended = true;
    this.heard();
  }

  private more(): Promise<void> {
    return new Promise((heard) => {
      this.heard = heard;
    });
  }
}

const HANDLER: Bun.SocketHandler<Line> = {
  data: (socket, chunk) => socket.data.hear(chunk),
  end: (socket) => socket.data.end(),
  close: (socket) => socket.data.end(),
  error: (socket) => socket.data.end(),
};
