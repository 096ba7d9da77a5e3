import { open, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { quote } from "../../bytes/text.ts";
import { textOf } from "../messages.ts";
import { statOf } from "../move-to-free.ts";
import type { FilesConnection } from "./connection.ts";
import { hashBeginning, sha256 } from "./hashing.ts";
import { Incoming } from "./incoming.ts";
import { isThere, PartFile, partName } from "./part.ts";
import type { Server } from "./server.ts";
import { type Moved, type Shared, Transfer } from "./transfer.ts";
import { Changed, LocalTrouble, locally, WrongHash } from "./trouble.ts";

/** A file that is to be fetched. */
export interface Wanted {
  /** How people see it. */
  readonly name: string;
  readonly path: string;
  /** As the server told it. */
  readonly size: number;
  /** Where it goes on this machine. */
  readonly target: string;
}

/** Fetches a file into its part and gives it its name when it is whole and proved; takes up what an earlier try left. */
export class Download {
  private readonly transfer: Transfer;

  constructor(
    private readonly server: Server,
    private readonly wanted: Wanted,
    private readonly shared: Shared,
  ) {
    this.transfer = new Transfer({ ...wanted, file: wanted.target }, shared);
  }

  /** Rejects with the kinds of `trouble.ts`, Refused or CommandError. */
  run(): Promise<Moved> {
    return this.transfer.run(async () => {
      await this.refuseOthers();
      const there = this.shared.force ? null : await this.alreadyThere();
      return there ?? (await this.whole());
    });
  }

  /** Even by force nothing but a file, or a link to whatever, is replaced. */
  private async refuseOthers(): Promise<void> {
    const { target } = this.wanted;
    const stats = await locally(target, () => statOf(target));
    if (stats === null || stats.isFile() || stats.isSymbolicLink()) return;
    throw new LocalTrouble(`${quote(target, 200)} is there already and is no file; it is not replaced`);
  }

  private async whole(): Promise<Moved> {
    const { wanted, shared, transfer } = this;
    const part = await PartFile.open(wanted.target);
    transfer.holds(part.size);
    try {
      const mtime = await transfer.retry(() => this.attempt(part));
      if (await part.promote(mtime, shared.force)) {
        return transfer.done(await part.sha256(shared.signal), part.size);
      }
      // Somebody was faster: with this very file it is well; beside another one what has come waits for --force.
      const there = await this.alreadyThere();
      if (there === null) throw isThere(wanted.target);
      await part.remove();
      return there;
    } finally {
      await part.close();
    }
  }

  /** One try on one connection; gives the file's time. */
  private attempt(part: PartFile): Promise<number> {
    return this.server.use(async (conn) => {
      try {
        return await this.fetch(conn, part);
      } catch (error) {
        if (error instanceof WrongHash) await part.clear();
        if (!(error instanceof WrongHash || error instanceof Changed)) throw error;
        throw this.transfer.anew(error);
      }
    });
  }

  private async fetch(conn: FilesConnection, part: PartFile): Promise<number> {
    const version = await this.proved(conn, part);
    const offset = version === null ? 0 : part.size;
    const { path } = this.wanted;
    // The hash of a whole file is also that of what is sent; it is taken once.
    const incoming =
      version === null
        ? await Incoming.begin(conn, path, {}, await part.clear())
        : await Incoming.begin(conn, path, { offset, version });
    const { size, mtime } = incoming.head;
    this.transfer.begin(offset, size);
    for (;;) {
      const bytes = await incoming.next();
      if (bytes === null) return mtime;
      await part.write(bytes, version === null);
      this.transfer.advance(bytes.length);
    }
  }

  /**
   * The version of the file of which the part is proved to be the beginning; null when it is none.
   * The proof is the hash that the server takes of as many bytes; what comes behind them is proved when it has come.
   */
  private async proved(conn: FilesConnection, part: PartFile): Promise<string | null> {
    if (part.size === 0) return null;
    const { path, name } = this.wanted;
    const probe = await Incoming.begin(conn, path, { offset: 0, length: 0 });
    await probe.next();
    const { size, version } = probe.head;
    const length = part.size;
    this.transfer.tellCheck(length);
    const ours = part.sha256(this.shared.signal);
    const answer = length <= size ? conn.ask("hash", { path, offset: 0, length }) : null;
    const [hash, theirs] = await Promise.all([ours, answer]);
    if (theirs !== null && textOf(theirs, "sha256") === hash) {
      this.transfer.tellResume(length, size);
      return version;
    }
    this.transfer.startOver(`${name} has changed on the server`);
    return null;
  }

  /** The very file may be there: from an earlier run that was killed at its end, or because somebody asks twice. */
  private async alreadyThere(): Promise<Moved | null> {
    const { target, path } = this.wanted;
    const stats = await locally(target, () => statOf(target));
    if (stats === null) return null;
    const bytes = stats.size;
    if (!stats.isFile() || bytes !== this.wanted.size) throw isThere(target);
    this.transfer.tellCheck(bytes);
    const answer = await this.transfer.retry(() => this.server.use((conn) => conn.ask("hash", { path })));
    const hasher = sha256();
    await locally(target, async () => {
      await using file = await open(target);
      await hashBeginning(file, bytes, hasher, this.shared.signal);
    });
    const hash = hasher.digest("hex");
    if (textOf(answer, "sha256") !== hash) throw isThere(target);
    await forgetPart(target, stats.ino);
    return this.transfer.already(hash, bytes);
  }
}

/** Takes away the other name of a file that was whole when its client was killed. */
async function forgetPart(target: string, inode: number): Promise<void> {
  const path = join(dirname(target), partName(basename(target)));
  const stats = await statOf(path);
  if (stats?.ino === inode) await unlink(path);
}
