import { LOBBY } from "../../chat/state.ts";
import { isOtherName, nameOf } from "../paths.ts";

/**
 * How an upload is: `storing` all has left and the server checks it, `taken` its name is another file's, `lost` the page
 * was loaded anew and has not the file any more, `held` another than who began it is logged in now.
 */
export type UploadState =
  | "waiting"
  | "checking"
  | "sending"
  | "hashing"
  | "storing"
  | "retrying"
  | "paused"
  | "taken"
  | "failed"
  | "lost"
  | "held"
  | "done";

/** A file on its way into the share. */
export interface Upload {
  readonly id: number;
  /** Where it will lie. */
  readonly path: string;
  readonly size: number;
  /** In milliseconds since 1970. */
  readonly mtime: number;
  readonly state: UploadState;
  /** Bytes that the server has, or that have left for it. */
  readonly sent: number;
  readonly hashed: number;
  /** Bytes whose hash is waited for, now or next. */
  readonly toHash: number;
  /** What went wrong, as a sentence. */
  readonly problem: string;
  /** When it is done: what both sides have found. */
  readonly sha256: string;
  /** The room that is told of it when it is there; null: none. */
  readonly room: string | null;
  readonly overwrite: boolean;
  /** The account that it was begun under, which the path belongs to; null: none. */
  readonly user: string | null;
  /** When it is done: this very file was there before. */
  readonly already: boolean;
}

/** What is kept of an upload while the page is closed. */
export type Remembered = Pick<Upload, "path" | "size" | "mtime" | "room" | "user">;

const MOVING: ReadonlySet<UploadState> = new Set(["checking", "sending", "hashing", "storing", "retrying"]);

/** Whether something is done for it at this moment. */
export function isMoving({ state }: Upload): boolean {
  return MOVING.has(state);
}

/** How much of what is done for it at this moment is done, in bytes. */
export function progressOf({ state, size, sent, hashed, toHash }: Upload): {
  readonly done: number;
  readonly of: number;
} {
  return state === "checking" || state === "hashing" ? { done: hashed, of: toHash } : { done: sent, of: size };
}

/** Whether it is not over: it moves, or somebody may set it going again. */
export function isUnfinished({ state }: Upload): boolean {
  return state !== "done" && state !== "failed";
}

/** Whether the server, where it announces files, tells the room by itself: the lobby, of what was added and is not hidden. */
export function isAnnounced({ path, room, already }: Pick<Upload, "path" | "room" | "already">): boolean {
  return room === LOBBY && !already && !path.includes("/.");
}

/** The upload that a chosen file goes on with: size and time are the same, and the name is, or was when it was added. */
export function findLost(
  uploads: readonly Upload[],
  file: { name: string; size: number; lastModified: number },
): Upload | null {
  const chosen = file.name.normalize("NFC");
  const isSame = ({ state, path, size, mtime }: Upload) => {
    const name = nameOf(path);
    const isNamed = name === chosen || isOtherName(name, chosen);
    return state === "lost" && isNamed && size === file.size && mtime === file.lastModified;
  };
  return uploads.find(isSame) ?? null;
}
