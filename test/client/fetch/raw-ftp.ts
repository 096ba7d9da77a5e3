import { createServer, type Server, type Socket } from "node:net";
import { within } from "../../support/deadline.ts";

/** What one control connection can do in answer to a command. */
export interface Control {
  say(text: string): void;
  /** The data connection that EPSV or PASV has announced, once the client is on it. */
  data(): Promise<Socket>;
  /** Breaks the control connection. */
  close(): void;
}

export type Verb = (control: Control, argument: string, server: RawFtp) => void | Promise<void>;

/** An FTP server with one file, which a test can make say and do what no real one would. */
export class RawFtp implements AsyncDisposable {
  /** Every command that came, in order. */
  readonly commands: string[] = [];
  /** Answers by verb; what is not here is answered 502. */
  readonly verbs: Record<string, Verb>;
  greeting = "220 ready";
  /** What it takes names for. */
  charset: BufferEncoding = "utf8";
  /** Whether its replies come a byte at a time. */
  drips = false;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: Socket[] = [];
  private arrived = Promise.withResolvers<void>();
  private rest = 0;

  private constructor(
    readonly file: Buffer,
    private readonly control: Server,
    private readonly passive: Server,
  ) {
    this.verbs = {
      USER: (to) => to.say("331 and the password?"),
      PASS: (to) => to.say("230 come in"),
      TYPE: (to) => to.say("200 binary"),
      SIZE: (to) => to.say(`213 ${file.length}`),
      MDTM: (to) => to.say("213 20250102030405"),
      EPSV: (to) => to.say(`229 passive (|||${port(passive)}|)`),
      REST: (to, at) => {
        this.rest = Number(at);
        to.say("350 from there");
      },
      RETR: async (to) => {
        to.say("150 here it comes");
        const data = await to.data();
        await new Promise<void>((sent) => data.end(file.subarray(this.takeRest()), sent));
        to.say("226 done");
      },
      QUIT: (to) => to.close(),
    };
  }

  static async open(file: Buffer): Promise<RawFtp> {
    const control = createServer((socket) => ftp.serve(socket));
    const passive = createServer((socket) => {
      ftp.keep(socket);
      ftp.waiting.push(socket);
      ftp.arrived.resolve();
    });
    const ftp = new RawFtp(file, control, passive);
    for (const server of [control, passive]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    return ftp;
  }

  get url(): string {
    return `ftp://127.0.0.1:${port(this.control)}`;
  }

  get passivePort(): number {
    return port(this.passive);
  }

  /** Where the last REST wants the file to begin. */
  takeRest(): number {
    const at = this.rest;
    this.rest = 0;
    return at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const server of [this.control, this.passive]) await new Promise((resolve) => server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.keep(socket);
    socket.setNoDelay();
    let said = Promise.resolve();
    const drip = async (text: string) => {
      for (const byte of Buffer.from(text)) {
        socket.write(Buffer.of(byte));
        // A turn of the loop for each, or they would leave as one.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const control: Control = {
      say: (text) => {
        if (this.drips) said = said.then(() => drip(`${text}\r\n`));
        else socket.write(`${text}\r\n`);
      },
      data: () => within(this.nextData(), "the data connection"),
      close: () => socket.destroy(),
    };
    control.say(this.greeting);
    let rest = "";
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString(this.charset)).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.obey(control, line);
    });
  }

  private obey(control: Control, line: string): void {
    this.commands.push(line);
    const [verb = "", ...argument] = line.split(" ");
    const act = this.verbs[verb] ?? (() => control.say("502 what is that"));
    void act(control, argument.join(" "), this);
  }

  private async nextData(): Promise<Socket> {
    while (this.waiting.length === 0) {
      await this.arrived.promise;
      this.arrived = Promise.withResolvers();
    }
    return this.waiting.shift() as Socket;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
  }
}

function port(server: Server): number {
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
