import { FINAL_REFUSALS } from "../../../protocols/services/messages.ts";
import { CommandError } from "../../exit.ts";
import { codeOf } from "../../thrown.ts";
import type { Endpoint } from "../endpoint.ts";
import { Refused } from "../messages.ts";
import { FilesConnection, Unwanted } from "./connection.ts";
import { Passing, Stopped } from "./trouble.ts";

/** A server, and the connections to it that are not in use at the moment. */
export class Server {
  private readonly idle: FilesConnection[] = [];
  private reached = false;
  private unwanted: Unwanted | Refused | null = null;

  constructor(
    readonly endpoint: Endpoint,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Runs some work on a connection of its own. A connection that was lost is {@link Passing}, and so is a server that
   * cannot be reached any more, since it may be starting anew; one that was never reached is not. Once it has put us out
   * or does not let us in, it is left alone. After an interrupt it rejects with Stopped.
   */
  async use<T>(work: (conn: FilesConnection) => Promise<T>): Promise<T> {
    const conn = await this.take();
    try {
      const result = await work(conn);
      if (conn.open) this.idle.push(conn);
      return result;
    } catch (error) {
      // After a refusal the connection is as good as before; after anything else nobody knows what is still on its way.
      if (error instanceof Refused && conn.open) this.idle.push(conn);
      else conn.close();
      const told = conn.explain(error);
      if (told instanceof Unwanted) this.unwanted = told;
      throw this.signal.aborted ? new Stopped() : told;
    }
  }

  close(): void {
    for (const conn of this.idle.splice(0)) conn.close();
  }

  private async take(): Promise<FilesConnection> {
    for (;;) {
      if (this.unwanted !== null) throw this.unwanted;
      const conn = this.idle.pop();
      if (conn === undefined) return await this.dial();
      if (conn.open) return conn;
    }
  }

  private async dial(): Promise<FilesConnection> {
    try {
      const conn = await FilesConnection.open(this.endpoint, this.signal);
      this.reached = true;
      return conn;
    } catch (error) {
      if (error instanceof Refused && FINAL_REFUSALS.has(error.code)) this.unwanted = error;
      if (this.reached && error instanceof CommandError && isAbsence(error.cause)) throw new Passing(error.message);
      throw error;
    }
  }
}

const ABSENT: readonly string[] = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EAI_AGAIN",
];

function isAbsence(error: unknown): boolean {
  return ABSENT.includes(codeOf(error));
}
