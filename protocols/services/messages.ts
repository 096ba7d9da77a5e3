import type { LoginRefusalCode } from "../../src/accounts/gate.ts";
import type { RefusalCode, Reply, RoomState } from "../../src/chat/command.ts";
import type { Change } from "../../src/files/access.ts";
import type { VaultCode } from "../../src/files/error.ts";
import type { CloseReason } from "../../src/net/protocol.ts";

/*
 * The messages of the framed protocol, version 1, as README.md describes them. Events of the chat are `ChatEvent`.
 */

/** The version that hello names. */
export const VERSION = 1;

/** Ids are unsigned 32-bit numbers. */
export const MOST_ID = 2 ** 32 - 1;

/** What a connection can speak after hello. */
export type ServiceName = "chat" | "files" | "echo";

/** What the vault refuses here: nobody goes on from an offset of its own choice. */
type FileRefusalCode = Exclude<VaultCode, "nothing-to-resume">;

/** Why a request was refused, or a transfer ended: with the codes of chat, files and accounts the closed list. */
export type ErrorCode =
  | RefusalCode
  | FileRefusalCode
  | LoginRefusalCode
  | "bad-json"
  | "bad-request"
  | "bad-id"
  | "needs-id"
  | "unknown-op"
  | "bad-version"
  | "no-such-service"
  | "hello-first"
  | "hello-again"
  | "no-files"
  | "id-in-use"
  | "too-many-transfers"
  | "no-such-transfer"
  | "bad-offset";

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

/** A file or folder as `list` and `stat` tell it. */
export interface FileEntry {
  /** The last part of its path; "" for the root. */
  readonly name: string;
  readonly type: "file" | "dir";
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** Integer milliseconds since 1970 UTC. */
  readonly mtime: number;
}

/** The members of answers to file requests that are `"ok":true`, by op. */
export interface FileAnswers {
  /**
   * `next` is the `after` of the following page, null at the end. `folder`, for who asked, is the same for the same folder,
   * whatever path led to it: a link may lead back.
   */
  list: { readonly folder?: string; readonly entries: readonly FileEntry[]; readonly next: string | null };
  stat: { readonly entry: FileEntry };
  /** `bytes` is how many were hashed. */
  hash: { readonly bytes: number; readonly sha256: string };
  mkdir: object;
  remove: object;
  rename: object;
  /** Of the whole file; `version` changes when the file does. */
  get: { readonly size: number; readonly mtime: number; readonly version: string };
  /** How many bytes an earlier try left, and the SHA-256 of them. */
  put: { readonly offset: number; readonly have: string };
  /** Of the file as it has its name. */
  end: { readonly size: number; readonly sha256: string };
  cancel: object;
  watch: object;
  unwatch: object;
}

export type FileOp = keyof FileAnswers;

/** How a transfer ended that was granted: a get that is done has `bytes`, and `sha256` unless it was not wanted. */
export type TransferEnd = { readonly id: number; readonly event: "end" } & (
  | { readonly bytes: number; readonly sha256?: string }
  | Pick<Failure, "error">
);

/** Something changed at or below a path that is watched. */
export interface FilesChanged {
  readonly event: "files";
  readonly kind: Change["kind"];
  readonly path: string;
  readonly to?: string;
  /** Of what was stored. */
  readonly entry?: FileEntry;
}

/** An answer without its id and op. */
export type Outcome = Welcome | Reply | ({ readonly ok: true } & FileAnswers[FileOp]) | Pick<Failure, "ok" | "error">;

/** Why a connection ends that the peer did not end: the log's reasons, and `denied`. */
export type ByeReason = Exclude<CloseReason["kind"], "peer" | "local"> | "denied";

/**
 * Reasons after which a client comes back only when its user wants it to: it would be refused again, count as a failed login
 * (ten of them end in a ban), or throw out who took the session over.
 */
export const FINAL_BYES: ReadonlySet<string> = new Set<ByeReason>([
  "banned",
  "denied",
  "kicked",
  "login-ended",
  "replaced",
  "violation",
]);

/** The same for codes of a hello that was refused. */
export const FINAL_REFUSALS: ReadonlySet<string> = new Set<ErrorCode>([
  "bad-login",
  "bad-version",
  "banned",
  "denied",
  "no-such-service",
  "plain-password",
]);

/** The server's last words on a connection. */
export interface Bye {
  readonly event: "bye";
  readonly reason: ByeReason;
  readonly text: string;
}
