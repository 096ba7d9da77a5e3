/** What a server says of a file before its bytes come. */
export interface Facts {
  /** Bytes of the whole file; null when nobody knows. */
  readonly size: number | null;
  /** Its time of last change, in milliseconds since 1970 UTC. */
  readonly mtime: number | null;
  /** Differs when the file does; null when the server gives nothing that can be relied on, and then nothing is resumed. */
  readonly validator: string | null;
}

/** The very file was there before this run, as far as size and time can tell. */
export class AlreadyThere extends Error {
  override readonly name = "AlreadyThere";
}

/** Where the bytes of one URL go. It lives through all tries. */
export interface Sink {
  /** Bytes there now, those of earlier tries included. */
  readonly received: number;
  /** What was told to {@link Sink.open} last. */
  readonly facts: Facts | null;
  /** Throws when there is no place for the file, before anything is asked for. */
  check(): void;
  /**
   * Takes note of what comes; resolves with the bytes of this very state of the file that are there already. Throws
   * AlreadyThere when it needs none, and when there is another file.
   */
  open(facts: Facts): Promise<number>;
  /** Forgets what is there: the file comes from its beginning. Throws when it cannot be forgotten. */
  restart(): void;
  /** Adds bytes at the end; the promise is the reader's pace. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** All has come: gives it its name. */
  commit(): Promise<void>;
  /** It will not be whole in this run. Whether something is kept that a later one can go on from. */
  leave(): boolean;
}

/** Told how a try goes. */
export interface Watch {
  /** The server has answered: bytes come now, and are added to those that the sink has. */
  begins(): void;
  /** The sink has more bytes. */
  moved(): void;
  /** The server can go on in the middle of a file, or it cannot. Told before bytes are forgotten for it. */
  resumes(can: boolean): void;
}
