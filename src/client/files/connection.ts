import { FINAL_BYES } from "../../../protocols/services/messages.ts";
import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { codeOf } from "../../thrown.ts";
import { CHUNK_OVERHEAD, MOST_CHUNK } from "../chunk.ts";
import { type Endpoint, notConnected, notFramed } from "../endpoint.ts";
import { Heartbeat } from "../heartbeat.ts";
import { type Answer, type Fields, numberOf, textOf, type WireEvent } from "../messages.ts";
import { patientClock } from "../patient-clock.ts";
import { formatTarget } from "../target.ts";
import { ConnectionLost, ForeignProtocol, Wire } from "../wire.ts";
import { Passing, Stopped } from "./trouble.ts";

/** How long a server may think about who comes. */
const HELLO_MS = 30_000;

/** Longer than in the chat: behind a slow line, what was sent before may take a while to get there. */
const SILENCE_MS = 30_000;

/** The connection was ended so that no other is to be opened. */
export class Unwanted extends CommandError {}

/** One connection to the files of a server. */
export class FilesConnection {
  private most = MOST_CHUNK;
  private heartbeat: Heartbeat | null = null;
  private goodbye: WireEvent | null = null;

  private constructor(
    private readonly endpoint: Endpoint,
    readonly wire: Wire,
  ) {}

  /** Connects and says hello. Rejects with Passing, Refused, Stopped or a CommandError. */
  static async open(endpoint: Endpoint, signal: AbortSignal): Promise<FilesConnection> {
    const { target, trust, login } = endpoint;
    if (signal.aborted) throw new Stopped();
    const holder: { conn: FilesConnection | null } = { conn: null };
    try {
      const wire = await Wire.connect(
        target,
        {
          event: (event) => holder.conn?.hear(event),
          closed: () => holder.conn?.heartbeat?.stop(),
        },
        { clock: patientClock, signal, trust },
      );
      holder.conn = new FilesConnection(endpoint, wire);
    } catch (error) {
      if (signal.aborted) throw new Stopped();
      throw notConnected(endpoint, error);
    }
    const conn = holder.conn;
    signal.addEventListener("abort", () => conn.close(), { once: true });
    const late = () => conn.wire.close(new Error("it does not answer"));
    const cancel = patientClock.after(HELLO_MS, late);
    try {
      conn.most = chunkFor(await conn.ask("hello", { v: 1, service: "files", ...login }));
    } catch (error) {
      conn.close();
      throw error;
    } finally {
      cancel();
    }
    conn.heartbeat = new Heartbeat(patientClock, conn.wire, SILENCE_MS);
    return conn;
  }

  /** The most bytes of a file that one of our frames may have. */
  get chunk(): number {
    return this.most;
  }

  get open(): boolean {
    return this.wire.open;
  }

  /** Asks and waits. Rejects with Refused, Passing or a CommandError. */
  async ask(op: string, fields: Fields): Promise<Answer> {
    try {
      return await this.wire.ask(op, fields);
    } catch (error) {
      throw this.explain(error);
    }
  }

  close(): void {
    this.wire.close();
  }

  /** What the end of the connection means for whoever waited for something. */
  explain(error: unknown): unknown {
    if (!(error instanceof ConnectionLost)) return error;
    const where = formatTarget(this.endpoint.target);
    const { cause } = error;
    if (cause instanceof ForeignProtocol) return notFramed(this.endpoint, "files need", cause);
    const words = textOf(this.goodbye ?? {}, "text");
    if (words === "") {
      const why = cause instanceof Error && !isReset(cause) ? `: ${quote(cause.message, 200)}` : "";
      return new Passing(`the connection to ${where} was lost${why}`, { cause });
    }
    const sentence = `${where} ended the connection: ${quote(words, 200)}`;
    const reason = textOf(this.goodbye ?? {}, "reason");
    return FINAL_BYES.has(reason) ? new Unwanted(Exit.failed, sentence) : new Passing(sentence);
  }

  private hear(event: WireEvent): void {
    if (event.event === "bye") this.goodbye = event;
  }
}

/** The peer is gone: that the connection was lost says it all. */
function isReset(error: Error): boolean {
  return ["ECONNRESET", "EPIPE"].includes(codeOf(error));
}

/** A server may take smaller frames than usual. */
function chunkFor(hello: Answer): number {
  const limits = hello["limits"];
  const most = typeof limits === "object" && limits !== null ? numberOf(limits as Fields, "frame") : null;
  return Math.max(1, Math.min(MOST_CHUNK, (most ?? Number.POSITIVE_INFINITY) - CHUNK_OVERHEAD));
}
