import { fsync, lstatSync, renameSync, type Stats, utimesSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { quote } from "../../bytes/text.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import { moveToFree } from "../move-to-free.ts";
import { FetchFailure } from "./failure.ts";
import { Part } from "./part.ts";
import { AlreadyThere, type Facts, type Sink } from "./sink.ts";

/** Why a disk does not take bytes, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "that disk is read-only",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  ELOOP: "a symbolic link stands there",
  EFBIG: "that disk takes no file of this size",
};

/** A file that has its name only when it is whole, and replaces nothing unless that was asked for. */
export class FileSink implements Sink {
  received = 0;
  facts: Facts | null = null;
  private part: Part | null = null;

  /** @param url what the bytes come from; a later run knows the part by it */
  constructor(
    readonly path: string,
    private readonly url: string,
    private readonly force: boolean,
  ) {}

  /** A file that is there may be the one that is asked for: that is seen when the server has said what it has. */
  check(): void {
    const there = look(this.path);
    if (there?.isDirectory()) throw new FetchFailure(`${quote(this.path, 200)} is a folder`);
    if (there && !there.isFile()) this.refuse(there);
  }

  async open(facts: Facts): Promise<number> {
    if (this.part !== null && facts.validator !== null && facts.validator === this.facts?.validator)
      return this.received;
    this.leave();
    this.facts = facts;
    const there = look(this.path);
    if (there && !this.force && isSame(there, facts)) {
      this.received = there.size;
      throw new AlreadyThere();
    }
    this.refuse(there);
    try {
      this.part = Part.open(dirname(this.path), basename(this.path), this.url, stateOf(facts));
    } catch (error) {
      throw this.unwritable(error);
    }
    this.received = this.part.size;
    return this.received;
  }

  restart(): void {
    this.part?.truncate();
    this.received = 0;
  }

  write(chunk: Uint8Array): void {
    const { fd } = this.opened();
    try {
      for (let done = 0; done < chunk.length; ) {
        const written = writeSync(fd, chunk, done, chunk.length - done, this.received);
        done += written;
        this.received += written;
      }
    } catch (error) {
      throw this.unwritable(error);
    }
  }

  async commit(): Promise<void> {
    const part = this.opened();
    try {
      await promisify(fsync)(part.fd);
      if (this.facts?.mtime) utimesSync(part.path, new Date(), new Date(this.facts.mtime));
      await this.giveName(part);
    } catch (error) {
      throw this.unwritable(error);
    }
    part.close();
    this.part = null;
  }

  leave(): boolean {
    const { part } = this;
    if (part === null) return false;
    const isKept = this.facts?.validator != null && this.received > 0;
    if (isKept) part.close();
    else part.discard();
    this.part = null;
    this.received = 0;
    return isKept;
  }

  private opened(): Part {
    if (this.part === null) throw new Error("a file was used before it was opened");
    return this.part;
  }

  /** A link, unlike a rename, never replaces what came to that name meanwhile. */
  private async giveName(part: Part): Promise<void> {
    if (!this.force && (await moveToFree(part.path, this.path))) return;
    this.check();
    this.refuse(look(this.path));
    renameSync(part.path, this.path);
  }

  private refuse(there: Stats | null): void {
    if (there && !this.force) throw new FetchFailure(`${quote(this.path, 200)} exists; --force replaces it`);
  }

  private unwritable(error: unknown): unknown {
    const code = codeOf(error);
    if (error instanceof FetchFailure || code === "") return error;
    const reason = REASONS[code] ?? quote(messageOf(error));
    return new FetchFailure(`${quote(this.path, 200)} cannot be written: ${reason}`);
  }
}

/** What tells a state of the file from another: an ETag does alone, a time only with the size. */
function stateOf({ validator, size }: Facts): string | null {
  return validator === null || validator.startsWith('"') ? validator : `${validator}\0${size}`;
}

/** Whether a file has the size and time that the server tells; both have whole seconds in common. */
function isSame(there: Stats, { size, mtime }: Facts): boolean {
  const second = (ms: number) => Math.floor(ms / 1000);
  return there.isFile() && there.size === size && mtime !== null && second(there.mtimeMs) === second(mtime);
}

/** What has a name now, links included; null when nothing has. */
function look(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}
