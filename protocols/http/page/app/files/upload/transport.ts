/** One PUT of a file's upload. */
export interface PutRequest {
  /** Where in the share. */
  readonly path: string;
  readonly body: Blob | null;
  /** `Content-Range`; null: the body is all of it. */
  readonly range: string | null;
  /** When the file was changed, in milliseconds since 1970. */
  readonly mtime: number;
  /** `Repr-Digest`; null: not yet. */
  readonly digest: string | null;
  readonly overwrite: boolean;
  /** The account that it was begun by; null: nobody. */
  readonly user: string | null;
}

export interface PutAnswer {
  readonly status: number;
  /** `Upload-Offset`: the bytes that the server has kept. */
  readonly offset: number | null;
  /** `Repr-Digest` of the file that is there now. */
  readonly digest: string | null;
  readonly body: unknown;
}

/**
 * Sends a PUT. `progress` is told how much of the body has left.
 * @throws NoAnswer, or the signal's reason
 */
export type Put = (request: PutRequest, signal: AbortSignal, progress: (sent: number) => void) => Promise<PutAnswer>;
