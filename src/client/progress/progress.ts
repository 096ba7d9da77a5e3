import type { Fields } from "../messages.ts";

/** One transfer as a person watches it. Exactly one of `done` and `failed` ends it. */
export interface Bar {
  /** So many bytes of the file are there now, those of earlier tries included. */
  at(bytes: number): void;
  /**
   * It is whole. `line` is told instead of the usual line, or `note` behind that; `facts` go into the object of `--json`.
   */
  done(line?: string, facts?: Fields, note?: string): void;
  /**
   * It will not be whole. People are not told here: whoever began it tells why, at once by {@link Progress.fail} or in
   * the sentence with which the command ends. `--json` has the reason in the object of this file.
   */
  failed(reason: string, facts?: Fields): void;
}

/**
 * How transfers are shown while they run. Results (what is whole) go to stdout, unless that carries a file's bytes;
 * everything else goes to stderr. All texts are escaped here.
 */
export interface Progress {
  /** A transfer begins; `size` is null when nobody knows it, `from` are the bytes that an earlier try left. */
  begin(name: string, size: number | null, from?: number): Bar;
  /** So many more files and bytes are to come, begun or not: for the total. Without it the total is what was begun. */
  expect(files: number, bytes: number): void;
  /** Something that cannot even be begun, or is left out. As with {@link Bar.failed}, only `--json` tells it here. */
  skip(name: string, reason: string, leftOut?: boolean): void;
  /** A line for people: a retry, a resume. */
  log(line: string): void;
  /** Why something failed, while the rest goes on; told to people even when all else is quiet. */
  fail(line: string): void;
  /** Takes the bars off the screen. Nothing is shown after it. */
  stop(): void;
}
