import { quote } from "../../../src/bytes/text.ts";
import type { TlsContext } from "../../../src/net/tls.ts";
import { messageOf } from "../../../src/thrown.ts";
import type { DataSource } from "../data-source.ts";
import type { Reply } from "../reply.ts";
import { DataChannel, STALL_MS } from "./channel.ts";

/** What moves over a data connection. */
export interface Cargo {
  /** What 150 says. */
  readonly opening: string;
  /** What runs and how far it is, for STAT. */
  readonly progress: string;
  /** Takes what the client sends; absent when it has nothing to send. */
  take?(chunk: Uint8Array, channel: DataChannel): void;
  /** Moves it all and closes the connection. Rejects with what `refusalReply` knows. */
  move(channel: DataChannel): Promise<Reply>;
  /** There was no data connection, or the transfer failed. */
  giveUp(why: string): Promise<void>;
}

/** What a transfer needs of the session beside which it runs. */
export interface TransferHost {
  /** The certificate, when the data connection is to be encrypted; null when not. */
  readonly dataTls: TlsContext | null;
  reply(code: number, text: string): void;
}

/** What runs beside what the client says meanwhile. */
export interface Beside {
  /** What runs and how far it is, for STAT; null where STAT waits, because its reply would be taken for this one's. */
  readonly progress: string | null;
  /** Ends it; {@link Beside.run} tells. */
  stop(why: string): void;
  /** The client has gone. */
  runOut(why: string): void;
  /** The reply to the command, when all is done. Rejects with what `refusalReply` knows. */
  run(): Promise<Reply>;
}

/** Gets a data connection and moves a cargo over it, while the control session goes on. */
export class Transfer implements Beside {
  private channel: DataChannel | null = null;
  private stopped: string | null = null;

  constructor(
    private readonly host: TransferHost,
    private readonly source: DataSource,
    private readonly cargo: Cargo,
  ) {}

  get progress(): string {
    return this.cargo.progress;
  }

  /** Ends the data connection; what has come of an upload is kept. {@link Transfer.run} tells. */
  stop(why: string): void {
    this.stopped ??= why;
    if (this.channel !== null) this.channel.stop(why);
    else this.source.drop();
  }

  /** The client has gone: nothing is begun any more, and what it had sent is still taken. */
  runOut(why: string): void {
    if (this.channel === null) this.stop(why);
    else this.channel.runOut(why);
  }

  /** The reply to the command, when all is done and the data connection is closed. */
  async run(): Promise<Reply> {
    const channel = await this.open();
    if (channel instanceof DataChannel) return await this.move(channel);
    await this.cargo.giveUp(channel.text);
    return channel;
  }

  /** Whatever fails, nothing of it stays open, and the client does not take what it has for all. */
  private async move(channel: DataChannel): Promise<Reply> {
    try {
      return await this.cargo.move(channel);
    } catch (error) {
      if (channel.stopped === null) channel.stop("the transfer failed");
      await this.cargo.giveUp("the transfer failed");
      throw error;
    }
  }

  private async open(): Promise<DataChannel | Reply> {
    try {
      const { conn, attach } = await this.source.connect();
      const { cargo } = this;
      const take = cargo.take && ((chunk: Uint8Array) => cargo.take?.(chunk, channel));
      const channel = new DataChannel(conn, take ?? null);
      this.channel = channel;
      // The client begins its handshake when it has read 150.
      this.host.reply(150, cargo.opening);
      attach(channel);
      conn.deadline("stall", STALL_MS);
      const { dataTls } = this.host;
      if (dataTls !== null) await conn.startTls(dataTls).catch(noTls);
      return channel;
    } catch (error) {
      const text = messageOf(error);
      return this.stopped === null ? { code: 425, text } : { code: 426, text: this.stopped };
    }
  }
}

/** @throws why the client and the server did not come to terms, in words that name the cure */
function noTls(error: unknown): never {
  const why = messageOf(error);
  throw new Error(`after PROT P the data connection must begin with TLS, and it did not work out: ${quote(why, 200)}`);
}
