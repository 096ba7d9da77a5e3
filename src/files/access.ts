import type { Visitor } from "../accounts/visitor.ts";
import type { Entry, EntryPage } from "./entry.ts";
import type { FileMark } from "./file-mark.ts";
import type { Transfer, TransferOutcome } from "./transfers.ts";
import type { VaultEvent } from "./vault.ts";

/** Hashes that can be asked for; SHA-256 is what transfers are proved with. */
export type HashName = "sha256" | "sha1" | "md5" | "sha512" | "crc32";

/** A part of a file. Without a length it reaches to the end. */
export interface Span {
  readonly offset?: number;
  readonly length?: number;
}

/**
 * What a door holds of the vault for one connection: the tree as its visitor sees it. Paths are absolute, `/`-separated and
 * begin at the visitor's home; they are checked here, and nothing here leaves the root, whatever links, renames and races
 * do. Everything rejects (or throws) with a {@link VaultError} and nothing else.
 */
export interface Access {
  readonly visitor: Visitor;
  stat(path: string): Promise<Entry>;
  /**
   * All of a folder in pieces of at most 500 entries: sorted by name up to 10,000 entries, as the disk has them beyond.
   * Bounded memory and short turns, however large the folder is.
   */
  entries(path: string): AsyncGenerator<readonly Entry[]>;
  /** At most `limit` entries behind the name `after`, in the order of names. */
  page(path: string, o: { readonly after?: string; readonly limit: number }): Promise<EntryPage>;
  /** Opens a file for sending. With `version`, only while it is still that one (`changed`). */
  read(path: string, o?: Span & { readonly version?: string }): Promise<Download>;
  /** Counts and logs a file as sent that the caller still had, all its `bytes`. @throws VaultError `denied` */
  served(path: string, bytes: number): void;
  /** Hashed off the loop; of exactly the bytes that `span` reaches. `cancelled` when `signal` stops it. */
  hash(
    path: string,
    span: Span,
    algorithm: HashName,
    signal?: AbortSignal,
  ): Promise<{ readonly hash: string; readonly bytes: number }>;
  /** Makes one folder. */
  mkdir(path: string): Promise<void>;
  /** Removes a file, or a folder that is empty. `only` refuses the other kind. */
  remove(path: string, only?: Entry["type"]): Promise<void>;
  /** Whether the name may be renamed or removed by this visitor: rejects if not, and when there is nothing. */
  changeable(path: string): Promise<void>;
  /** Over an existing file only with `overwrite`, and for who may write. */
  rename(from: string, to: string, o?: { readonly overwrite?: boolean }): Promise<void>;
  /** Sets the time of last change, in milliseconds since 1970 UTC. Gives the nearest that the disk could keep. */
  setTime(path: string, mtime: number): Promise<number>;
  /**
   * Sets permission bits; those beyond 0o777 are ignored, and the daemon itself keeps its way in. Gives those that are
   * set then.
   */
  setMode(path: string, mode: number): Promise<number>;
  /** Begins an upload; what is refused is refused before a byte comes. */
  write(path: string, o: WriteOptions): Promise<Upload>;
  /** Bytes that an earlier upload without size and mtime (by FTP) left at a path; null when none did. */
  unfinished(path: string): Promise<number | null>;
  /**
   * How much an earlier upload of this size and mtime has left at a path, or has brought so far if it still runs, and the
   * SHA-256 of that in hex, hashed off the loop. It only looks: nothing is taken over or begun. Rejects where
   * {@link Access.write} with `resume` would.
   */
  left(path: string, o: LeftOptions): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /**
   * `listener` is told of every change that comes through tincan at or below a path, as long as the visitor may read, in
   * paths as the visitor sees them; it must not throw. Returns what ends that; leaving ends it too.
   */
  watch(path: string, listener: (change: Change) => void): () => void;
  /** The connection has ended: what still runs is broken off, and what can be resumed is kept. Safe to call twice. */
  leave(): void;
}

/** A file that is open for sending. The descriptor stays open until {@link Download.close}. */
export interface Download {
  readonly fd: number;
  /** Of the whole file, when it was opened. */
  readonly size: number;
  readonly mtime: number;
  /** Changes when the file does. */
  readonly version: string;
  /** What is to be sent: the span that was asked for, within the file. */
  readonly offset: number;
  readonly length: number;
  readonly transfer: Transfer;
  /** Whether the file has changed or shrunk since it was opened. */
  changed(): boolean;
  /** To use what was read again; null when nobody could tell whether it is still the same. */
  mark(): FileMark | null;
  /** Ends it, once; `detail` is a sentence about why it did not get done. */
  close(outcome: TransferOutcome, detail?: string): void;
}

/** Which upload, and whether it may replace a file: as of {@link WriteOptions}. */
export type LeftOptions = { readonly size: number } & Pick<WriteOptions, "mtime" | "overwrite">;

export interface WriteOptions {
  /** The size that the file shall have, when it is known. */
  readonly size?: number;
  /**
   * How many bytes come this time. With a `size`: no more than these, and another upload brings the rest. Without: at least
   * these, and an upload that has no room for them is refused at once.
   */
  readonly coming?: number;
  /** The time of last change that the file shall have. */
  readonly mtime?: number;
  /** An existing file may be replaced, where the visitor may write. */
  readonly overwrite?: boolean;
  /**
   * Goes on from what an earlier try of the same owner, path, size and mtime left: from its end (`true`, from 0 where
   * nothing was left), or from this offset, cutting off what lies behind it (`nothing-to-resume` when it has less). Where
   * the path has a file and no unfinished upload, a number means to change that file from there (needs `write`).
   */
  readonly resume?: boolean | number;
  /** Adds to the end of the file, or of what an earlier try left, or begins a file. */
  readonly append?: boolean;
  /** Nothing is kept when it breaks off: there is no size and time by which a later try could know that it is the same file. */
  readonly once?: boolean;
  /** Hash what arrives, so that `commit` tells and checks it. */
  readonly hash?: boolean;
}

/** A file that is arriving. It has no name that anybody sees before {@link Upload.commit}. */
export interface Upload {
  /** Bytes that were there already: where the peer's bytes are added. */
  readonly offset: number;
  /** Bytes there now. */
  readonly received: number;
  /**
   * Whether what has come is kept when it is broken off. It is not when an existing file is being changed, when it comes
   * `once`, and when another upload of the same name has the place already.
   */
  readonly resumable: boolean;
  readonly transfer: Transfer;
  /** Told when another connection takes this upload over; every call then throws `replaced`. */
  onReplaced: (() => void) | null;
  /** SHA-256 of the first {@link Upload.offset} bytes, in hex; hashed off the loop. */
  have(): Promise<string>;
  /** Adds bytes at the end. Throws `no-space`, `quota`, `incomplete` (more than the size announced), `replaced`, `failed`. */
  write(chunk: Uint8Array): void;
  /** What has come is on the disk, off the loop: for who must wait before `commit` anyway, which then has less to do. */
  sync(): Promise<void>;
  /**
   * All has come: checks size and hash, syncs to disk off the loop and gives the file its name. `exists` when somebody
   * else's has it by now and may not be overwritten; `changed` when it was added to, and somebody else has changed it, or
   * what is there is not what was expected; `incomplete` keeps what is there, `bad-hash` deletes it. The hash is null when
   * none was asked for.
   */
  commit(expect?: Expected): Promise<Stored>;
  /**
   * All has come that was to come this time: it is kept, and the next upload goes on from there, within a minute as part of
   * the same transfer.
   */
  rest(): Promise<void>;
  /** Breaks off; what has come is kept for a later try if it can be resumed. */
  keep(detail?: string): Promise<void>;
  /** Breaks off and deletes what has come. */
  discard(detail?: string): Promise<void>;
}

/** What must be so at the end of an upload. */
export interface Expected {
  readonly size?: number;
  readonly sha256?: string;
  /** Of what has the path by then; asked in the very turn in which the file gets its name. Null: nothing has. */
  readonly there?: (seen: Seen | null) => boolean;
}

/** What has a path. */
export interface Seen {
  /** As of a {@link Download} of it; null: it is no file. */
  readonly version: string | null;
  readonly mtime: number;
}

/** A file that has its name. */
export interface Stored {
  readonly entry: Entry;
  /** As of a {@link Download} of it. */
  readonly version: string;
  readonly sha256: string | null;
  /** Whether there was a file of this name before. */
  readonly replaced: boolean;
}

/** What has changed in the tree, as one visitor sees it. */
export interface Change {
  readonly kind: VaultEvent["kind"];
  readonly path: string;
  /** Where a rename went. */
  readonly to?: string;
  /** Of what was stored. */
  readonly entry?: Entry;
}
