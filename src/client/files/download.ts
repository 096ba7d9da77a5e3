import { open, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { formatPercent } from "../../bytes/amounts.ts";
import { quote } from "../../bytes/text.ts";
import { textOf } from "../messages.ts";
import type { Bar } from "../progress/progress.ts";
import type { FilesConnection } from "./connection.ts";
import { hashBeginning, sha256 } from "./hashing.ts";
import { Incoming } from "./incoming.ts";
import { checkingLine, type Moved, type Shared, stoppedLine } from "./job.ts";
import { isThere, PartFile, partName, statOf } from "./part.ts";
import type { Server } from "./server.ts";
import { Changed, LocalTrouble, locally, Passing, Stopped, WrongHash } from "./trouble.ts";

/** How often a file may change, or come damaged, before it is given up. */
const MOST_RESTARTS = 3;

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
  private bar: Bar | null = null;
  private received = 0;
  private resumedAt = 0;
  private restarts = 0;

  constructor(
    private readonly server: Server,
    private readonly wanted: Wanted,
    private readonly shared: Shared,
  ) {}

  /** Rejects with the kinds of `trouble.ts`, Refused or CommandError. */
  async run(): Promise<Moved> {
    const { wanted, shared } = this;
    try {
      const there = shared.force ? await this.refuseOthers() : await this.alreadyThere();
      return there ?? (await this.whole());
    } catch (error) {
      this.bar ??= shared.progress.begin(wanted.name, wanted.size);
      this.bar.failed(error instanceof Error ? error.message : String(error), { path: wanted.path });
      throw error;
    }
  }

  /** Even by force nothing but a file, or a link to whatever, is replaced. */
  private async refuseOthers(): Promise<null> {
    const { target } = this.wanted;
    const stats = await locally(target, () => statOf(target));
    if (stats === null || stats.isFile() || stats.isSymbolicLink()) return null;
    throw new LocalTrouble(`${quote(target, 200)} is there already and is no file; it is not replaced`);
  }

  private async whole(): Promise<Moved> {
    const { wanted, shared } = this;
    const part = await PartFile.open(wanted.target);
    try {
      const mtime = await shared.retry.run(
        wanted.name,
        () => this.received,
        () => this.attempt(part),
      );
      await part.promote(mtime, shared.force);
      return this.finish({
        bytes: part.size,
        sha256: await part.sha256(shared.signal),
        already: false,
        resumedAt: this.resumedAt,
      });
    } catch (error) {
      if (error instanceof Stopped) shared.progress.log(stoppedLine(wanted.name, part.size, wanted.size));
      throw error;
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
        this.restarts += 1;
        if (this.restarts > MOST_RESTARTS) throw error;
        throw new Passing(error.message);
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
    if (this.bar === null) this.resumedAt = offset;
    this.bar ??= this.shared.progress.begin(this.wanted.name, size, offset);
    this.bar.at(offset);
    for (;;) {
      const bytes = await incoming.next();
      if (bytes === null) return mtime;
      await part.write(bytes, version === null);
      this.received += bytes.length;
      this.bar.at(part.size);
    }
  }

  /**
   * The version of the file of which the part is proved to be the beginning; null when it is none.
   * The proof is the hash that the server takes of as many bytes; what comes behind them is proved when it has come.
   */
  private async proved(conn: FilesConnection, part: PartFile): Promise<string | null> {
    if (part.size === 0) return null;
    const { path, name } = this.wanted;
    const { progress, signal } = this.shared;
    const probe = await Incoming.begin(conn, path, { offset: 0, length: 0 });
    await probe.next();
    const { size, version } = probe.head;
    const length = part.size;
    this.tellCheck(length);
    const ours = part.sha256(signal);
    const answer = length <= size ? conn.ask("hash", { path, offset: 0, length }) : null;
    const [hash, theirs] = await Promise.all([ours, answer]);
    if (theirs !== null && textOf(theirs, "sha256") === hash) {
      progress.log(`resuming ${name} at ${formatPercent(length, size)}`);
      return version;
    }
    progress.log(`${name} has changed on the server; starting over`);
    return null;
  }

  /** The very file may be there: from an earlier run that was killed at its end, or because somebody asks twice. */
  private async alreadyThere(): Promise<Moved | null> {
    const { target, path, name } = this.wanted;
    const stats = await locally(target, () => statOf(target));
    if (stats === null) return null;
    const { retry, signal, progress } = this.shared;
    const bytes = stats.size;
    if (!stats.isFile() || bytes !== this.wanted.size) throw isThere(target);
    this.tellCheck(bytes);
    const answer = await retry.run(
      name,
      () => 0,
      () => this.server.use((conn) => conn.ask("hash", { path })),
    );
    const hasher = sha256();
    await locally(target, async () => {
      await using file = await open(target);
      await hashBeginning(file, bytes, hasher, signal);
    });
    const hash = hasher.digest("hex");
    if (textOf(answer, "sha256") !== hash) throw isThere(target);
    await forgetPart(target, stats.ino);
    this.bar = progress.begin(name, bytes, bytes);
    return this.finish({ bytes, sha256: hash, already: true, resumedAt: 0 });
  }

  private tellCheck(bytes: number): void {
    const line = checkingLine(this.wanted.name, bytes);
    if (line !== null) this.shared.progress.log(line);
  }

  private finish(moved: Moved): Moved {
    const { already, resumedAt, sha256, bytes } = moved;
    const { name, path, target } = this.wanted;
    const facts = { path, file: target, sha256, verified: true, already, resumedAt };
    this.bar?.at(bytes);
    if (already) this.bar?.done(`${name}: already there, hash verified`, facts);
    else this.bar?.done(undefined, facts, "hash verified");
    return moved;
  }
}

/** Takes away the other name of a file that was whole when its client was killed. */
async function forgetPart(target: string, inode: number): Promise<void> {
  const path = join(dirname(target), partName(basename(target)));
  const stats = await statOf(path);
  if (stats?.ino === inode) await unlink(path);
}
