import { connect as open, type Socket } from "node:net";
import { within } from "./deadline.ts";
import { Inbox } from "./inbox.ts";

export type Endpoint =
  | { readonly port: number; readonly host?: string; readonly localAddress?: string }
  | { readonly unix: string };

/** A well-behaved TCP client: it reads what comes, all the time, and may half-close. */
export class TcpClient implements Disposable {
  readonly inbox: Inbox;
  /** Settles when both directions are closed, cleanly or not. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;

  constructor(socket: Socket, name: string) {
    const inbox = new Inbox(name);
    this.inbox = inbox;
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("data", (chunk: Buffer) => inbox.push(chunk));
    socket.on("end", () => inbox.end("was ended by the server"));
    socket.on("error", (error) => inbox.end(`broke (${error.message})`));
    socket.on("close", () => inbox.end("closed"));
  }

  /** For who goes on in another protocol, such as TLS. */
  get socket(): Socket {
    return this.#socket;
  }

  /** Its own address as the daemon's log shows it. */
  get peer(): string {
    return `${this.#socket.localAddress}:${this.#socket.localPort}`;
  }

  /** Resolves once the kernel has it all. Rejects when the server closes instead. */
  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(data, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Says that nothing more comes from here, and goes on reading. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Leaves as a killed process does when it has unread bytes: with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  readLine(ms?: number): Promise<string> {
    return this.inbox.readLine(ms);
  }

  readUntil(end: string | RegExp, ms?: number): Promise<string> {
    return this.inbox.readUntil(end, ms);
  }

  readExactly(count: number, ms?: number): Promise<Buffer> {
    return this.inbox.readExactly(count, ms);
  }

  readAll(ms?: number): Promise<Buffer> {
    return this.inbox.readAll(ms);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** Connects; rejects when nobody listens there. */
export async function connect(to: Endpoint): Promise<TcpClient> {
  const name = "unix" in to ? to.unix : `${to.host ?? "127.0.0.1"}:${to.port}`;
  const where = "unix" in to ? { path: to.unix } : { host: "127.0.0.1", ...to };
  const socket = open({ ...where, allowHalfOpen: true });
  const client = new TcpClient(socket, name);
  const connected = new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", reject);
  });
  await within(connected, `a connection to ${name}`);
  return client;
}
