import type { Answers, RefusalCode, RoomState } from "../../src/chat/command.ts";
import type { ChatEvent } from "../../src/chat/event.ts";

/*
 * The messages of the framed protocol, version 1, as they are on the wire. README.md is the contract; these are its types.
 */

/** The version that `hello` names. */
export const VERSION = 1;

export type ServiceName = "chat" | "echo";

/** The first message of a connection that wants more than upper case. */
export interface Hello {
  readonly op: "hello";
  readonly id?: number;
  readonly v: typeof VERSION;
  readonly service: ServiceName;
  readonly name?: string;
  readonly room?: string;
  /** Of an earlier hello: takes the name and the rooms back from a half-dead connection. */
  readonly session?: string;
  /** Send this member's own messages back to it as events, too. */
  readonly echo?: boolean;
}

/** What a hello is answered. `name`, `session` and `rooms` are the chat's. */
export interface Welcome {
  readonly id?: number;
  readonly ok: true;
  readonly v: typeof VERSION;
  readonly server: string;
  readonly service: ServiceName;
  readonly name?: string;
  readonly session?: string;
  readonly rooms?: readonly RoomState[];
  readonly limits: { readonly frame: number };
}

/** Why a message was refused, beside what the hub refuses. The README explains each. */
export type ErrorCode =
  | RefusalCode
  | "bad-json"
  | "bad-request"
  | "bad-id"
  | "id-missing"
  | "unknown-op"
  | "hello-first"
  | "hello-again"
  | "bad-version"
  | "unknown-service"
  | "no-accounts";

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The answer to a request that could not be carried out. */
export interface Failure {
  readonly id?: number;
  readonly ok: false;
  readonly op?: string;
  readonly error: WireError;
}

/** The answer to a request that was. */
export type Success<Op extends keyof Answers> = { readonly id: number; readonly ok: true } & Answers[Op];

/** The server's last words. */
export interface Bye {
  readonly event: "bye";
  readonly reason: string;
  readonly text: string;
}

/** Everything that the server says unasked. */
export type WireEvent = ChatEvent | Bye;

const encoder = new TextEncoder();

/** A message as the body of a frame. */
export function encodeMessage(message: object): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}
