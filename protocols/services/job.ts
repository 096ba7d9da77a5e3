import type { Access } from "../../src/files/access.ts";
import { VaultError } from "../../src/files/error.ts";
import type { Asked } from "./answers.ts";
import type { Channel } from "./channel.ts";
import type { Failure } from "./messages.ts";
import type { Pump } from "./pump.ts";

export type Why = Failure["error"];

/** What is told of a job whose peer has gone, to the log. */
export const GONE: Why = { code: "cancelled", message: "the connection ended" };

/** A request that must be answered. */
export type Numbered = Asked & { readonly id: number };

/** What runs beside the requests of a connection, and has its id until it ends. */
export interface Job {
  readonly asked: Numbered;
  /** Whether bytes must move for it to go on. */
  readonly moving: boolean;
  /** Begins it, once; settles when it no longer needs anything. Never rejects. */
  start(access: Access): Promise<void>;
  /** Stops it, and tells the peer why. False: it is too late. `keep`: what can be resumed is kept. */
  stop(why: Why, keep: boolean): boolean;
}

/** What a job sees of the connection that it runs for. */
export interface JobHost {
  readonly channel: Channel;
  readonly pump: Pump;
  /** A job's bytes have begun to move, or move no more. */
  changed(): void;
  /** A job has ended, and its peer has been told. */
  done(job: Job): void;
  /** Something failed that is no refusal: the connection ends. */
  broke(error: unknown): Why;
}

/** Why the vault did not do it, as the peer is told. Any other error ends the connection. */
export function whyNot(host: JobHost, error: unknown): Why {
  if (!(error instanceof VaultError) || error.code === "nothing-to-resume") return host.broke(error);
  return { code: error.code, message: error.message };
}
