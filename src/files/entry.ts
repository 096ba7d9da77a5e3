/** A file or folder as it is listed. */
export interface Entry {
  /** The last part of its path; "" for the root. */
  readonly name: string;
  readonly type: "file" | "dir";
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** Integer milliseconds since 1970 UTC. */
  readonly mtime: number;
  /** Permission bits (0o777). */
  readonly mode: number;
  /** The same for the same file, whatever its name: device and inode (RFC 3659, section 7.5.2, `unique`). */
  readonly id: string;
}

/** A piece of a folder in the order of names (by code points); `next` is the `after` of the following piece, or null. */
export interface EntryPage {
  readonly entries: readonly Entry[];
  readonly next: string | null;
}
