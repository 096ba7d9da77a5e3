import { type Charset, utf8 } from "../../src/bytes/charset.ts";
import type { HashName } from "../../src/files/access.ts";
import { ALL_FACTS, type FactNames } from "./listing/facts.ts";
import { resolvePath } from "./paths.ts";
import { rawBytes } from "./raw-line.ts";
import { Refusal } from "./refusal.ts";

/** What a client has set for the commands that follow: as a session begins, and again after REIN and AUTH. */
export class Parameters {
  cwd = "/";
  /** RFC 959, section 5.1: TYPE A is what a session begins with. */
  ascii = true;
  /** From REST, for the next transfer alone. */
  offset = 0;
  /** From ALLO, for the next upload alone. */
  announced: number | null = null;
  /** What SIZE has told where an upload is not finished: an APPE behind it goes on from there. */
  told: { readonly path: string; readonly size: number } | null = null;
  /** From RNFR, for the next command alone. */
  renameFrom: string | null = null;
  /** The facts that MLST and MLSD give (RFC 3659, section 7.9). */
  facts: FactNames = ALL_FACTS;
  hash: HashName = "sha256";

  constructor(
    /** How names are written. */
    public charset: Charset,
  ) {}

  /**
   * Another user begins at the top and with nothing begun. How names and files are written stays (RFC 959, section 4.1.1,
   * USER): the ftp.exe of Windows says OPTS UTF8 ON before it logs in.
   */
  forAnother(): void {
    this.cwd = "/";
    this.offset = 0;
    this.announced = this.told = this.renameFrom = null;
  }

  /** An argument as text. @throws Refusal when it is not valid in the charset, or would end a line */
  text(argument: string): string {
    const { charset } = this;
    const text = charset.decode(rawBytes.encodeLossy(argument));
    const hint = charset === utf8 ? "OPTS UTF8 OFF is for clients that write otherwise" : "OPTS UTF8 ON is for UTF-8";
    if (text === null) throw new Refusal(501, `that is not valid ${charset.name}; ${hint}`);
    if (/[\r\n\0]/.test(text)) throw new Refusal(501, "a name cannot hold CR, LF or NUL");
    return text;
  }

  /** An argument as an absolute path. @throws Refusal */
  path(argument: string): string {
    return this.resolve(this.text(argument));
  }

  resolve(path: string): string {
    return resolvePath(this.cwd, path);
  }

  /** What REST said; it counts once. */
  takeOffset(): number {
    const { offset } = this;
    this.offset = 0;
    return offset;
  }

  /** What SIZE told of a path; it counts for the next upload alone. Null when it told of another, or of a whole file. */
  takeTold(path: string): number | null {
    const { told } = this;
    this.told = null;
    return told?.path === path ? told.size : null;
  }

  /** What ALLO said; it counts once. */
  takeAnnounced(): number | null {
    const { announced } = this;
    this.announced = null;
    return announced;
  }
}
