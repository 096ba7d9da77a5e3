import type { RefusalCode, Reply, RoomState } from "../../src/chat/command.ts";
import type { CloseReason } from "../../src/net/protocol.ts";

/*
 * The messages of the framed protocol, version 1, as README.md describes them. Events of the chat are `ChatEvent`.
 */

/** The version that hello names. */
export const VERSION = 1;

/** Ids are unsigned 32-bit numbers. */
export const MOST_ID = 2 ** 32 - 1;

/** What a connection can speak after hello. */
export type ServiceName = "chat" | "echo";

/** Why a request was refused: with the chat's own codes the closed list. */
export type ErrorCode =
  | RefusalCode
  | "bad-json"
  | "bad-request"
  | "bad-id"
  | "needs-id"
  | "unknown-op"
  | "bad-version"
  | "no-such-service"
  | "no-accounts"
  | "hello-first"
  | "hello-again";

/** The first message of a program that wants more than echo. */
export interface Hello {
  readonly op: "hello";
  readonly v: number;
  readonly service: string;
  /** Without it a guest name is given. */
  readonly name?: string;
  /** `#lobby` when absent. */
  readonly room?: string;
  /** The session of an earlier hello, whose name and rooms are taken back. */
  readonly session?: string;
  /** Send this member its own messages too. */
  readonly echo?: boolean;
  readonly user?: string;
  readonly password?: string;
}

/** The answer to a hello, without its id. */
export interface Welcome {
  readonly ok: true;
  readonly v: typeof VERSION;
  /** `tincan/0.1.0` */
  readonly server: string;
  readonly service: ServiceName;
  readonly name?: string;
  /** A secret: whoever shows it takes the name back. */
  readonly session?: string;
  readonly rooms?: readonly RoomState[];
  /** The largest body of a frame, in bytes. */
  readonly limits: { readonly frame: number };
}

/** A refusal; `id` and `op` are there when the request had them. */
export interface Failure {
  readonly id?: number;
  readonly ok: false;
  readonly op?: string;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** An answer without its id and op. */
export type Outcome = Welcome | Reply | Pick<Failure, "ok" | "error">;

/** Why a connection ends that the peer did not end: the log's reasons, and `denied`. */
export type ByeReason = Exclude<CloseReason["kind"], "peer" | "local"> | "denied";

/** The server's last words on a connection. */
export interface Bye {
  readonly event: "bye";
  readonly reason: ByeReason;
  readonly text: string;
}
