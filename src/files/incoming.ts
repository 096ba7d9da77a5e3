import { closeSync, fstatSync, futimesSync, type Stats, writeSync } from "node:fs";
import type { Expected, Seen, Stored, Upload, WriteOptions } from "./access.ts";
import { entryOf, timeToSet } from "./entry-of.ts";
import { refusalFor } from "./errno.ts";
import { VaultError } from "./error.ts";
import { closeFreed, freeing } from "./freeing.ts";
import type { Hasher } from "./hashing.ts";
import { keepMode, moveOver, moveToFree, type Name, statAt, syncFile, syncFolder } from "./naming.ts";
import { versionOf } from "./outgoing.ts";
import { PartFile } from "./part-file.ts";
import type { Room, Space } from "./space.ts";
import type { Transfer, TransferOutcome } from "./transfers.ts";
import { isWorthKeeping } from "./worth.ts";

/** What an upload is told when it begins. */
export interface IncomingSpec {
  /** Of its part, for whoever goes on with it. */
  readonly id: string;
  readonly part: PartFile;
  /** The name that the file shall have, in the part's own folder. */
  readonly name: string;
  /** Its path as the visitor says it, for errors. */
  readonly path: string;
  /** Whether what comes may be kept for a later try. */
  readonly resumable: boolean;
  /** Asked as the bytes come and at the end, because rights can be taken away meanwhile. @throws VaultError `denied` */
  needUpload(): void;
  /** Whether a file of that name may be replaced, asked at the very end. */
  mayReplace(): boolean;
  /** Whether the folder still lies within the root. */
  isInside(): boolean;
  /** Of a changed copy: the file is still the one that was copied. @throws VaultError `changed`, or that it has gone */
  mustBeSame(): void;
  /** What has the path now; null: nothing. */
  seen(): Seen | null;
  readonly options: WriteOptions;
  readonly transfer: Transfer;
}

/** What all uploads share. */
export interface IncomingHost {
  readonly space: Space;
  readonly hasher: Hasher;
  /** Told before the end of one whose part stays and whose next piece is to come; `why` its transfer ends when none does. */
  rests(upload: Incoming, why: string): void;
  /** Told once, at the end; `kept` when the part stays. */
  ended(upload: Incoming, kept: boolean): void;
  stored(upload: Incoming, stored: Stored, stats: Stats): void;
}

/** A file that is arriving: written to its part as it comes, and named at the end. */
export class Incoming implements Upload {
  readonly offset: number;
  received: number;
  onReplaced: (() => void) | null = null;
  private state: "open" | "committing" | "ended" = "open";
  private why: VaultError | null = null;
  /** Why bytes were not taken. */
  private refusal: VaultError | null = null;
  /** The part is none any more. */
  private isNamed = false;
  /** Bytes of which it is known that they are on the disk; -1 for none. */
  private synced = -1;
  /** What came is hashed as it comes; what was there before is hashed at the end, with the rest, off the loop. */
  private readonly sum: Bun.CryptoHasher | null;
  private readonly room: Room;
  private readonly busy = new AbortController();
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly host: IncomingHost,
    readonly spec: IncomingSpec,
  ) {
    this.offset = this.received = spec.part.size;
    this.room = host.space.on(spec.part.fd);
    this.sum = spec.options.hash === true && this.offset === 0 ? new Bun.CryptoHasher("sha256") : null;
  }

  /** Another upload brings the rest, also of a piece that breaks off. */
  private get isPiece(): boolean {
    const { size, coming } = this.spec.options;
    return size !== undefined && coming !== undefined;
  }

  get resumable(): boolean {
    return this.spec.resumable;
  }

  get transfer(): Transfer {
    return this.spec.transfer;
  }

  /** Whatever still works for it is done. */
  get settled(): Promise<unknown> {
    return this.working;
  }

  have(): Promise<string> {
    return this.hashOf(this.offset);
  }

  write(chunk: Uint8Array): void {
    this.mustBeOpen();
    this.spec.needUpload();
    try {
      this.add(chunk);
    } catch (error) {
      this.refusal = refusalFor(error, this.spec.path);
      throw this.refusal;
    }
  }

  private add(chunk: Uint8Array): void {
    const { options, part } = this.spec;
    if (options.size !== undefined && this.received + chunk.length > options.size) {
      throw new VaultError("incomplete", `more has come than the ${options.size} bytes that were announced`);
    }
    this.room.take(chunk.length);
    let written = 0;
    try {
      while (written < chunk.length)
        written += writeSync(part.fd, chunk, written, chunk.length - written, this.received + written);
    } finally {
      this.host.space.give(chunk.length - written);
      this.received += written;
      this.transfer.move(written);
    }
    this.sum?.update(chunk);
  }

  sync(): Promise<void> {
    this.mustBeOpen();
    const synced = this.syncPart().catch((error: unknown) => {
      // Linux tells of a failed write once: whoever asks again is told that all is well.
      const refusal = refusalFor(error, this.spec.path);
      if (this.state === "open") this.stop(refusal, true, "failed");
      throw refusal;
    });
    this.wait(synced);
    return synced;
  }

  async commit(expect: Expected = {}): Promise<Stored> {
    this.mustBeOpen();
    const size = expect.size ?? this.spec.options.size;
    if (size !== undefined && size !== this.received) {
      const message = `${this.received} bytes have come, and ${size} were announced; what is here is ${this.resumable ? "kept" : "deleted"}`;
      await this.keep(message);
      throw new VaultError("incomplete", message);
    }
    this.state = "committing";
    const naming = this.finish(expect);
    this.wait(naming);
    const { stored, stats } = await naming.catch((error: unknown) => this.notNamed(error));
    this.transfer.end("done");
    this.end(false);
    this.host.stored(this, stored, stats);
    return stored;
  }

  private notNamed(error: unknown): never {
    const refusal = refusalFor(error, this.spec.path);
    this.stop(refusal, true, "failed");
    throw refusal;
  }

  async rest(): Promise<void> {
    if (this.state === "open")
      this.stop(new VaultError("cancelled", "no next piece came within a minute"), true, "rests");
    await this.working;
  }

  keep(detail?: string): Promise<void> {
    return this.breakOff(detail, true);
  }

  discard(detail?: string): Promise<void> {
    return this.breakOff(detail, false);
  }

  /** Another connection goes on with the part. False: too late, the file is getting its name. */
  replace(): boolean {
    if (this.state !== "open") return false;
    this.stop(new VaultError("replaced", "another connection has taken this upload over"), true, "broken");
    this.onReplaced?.();
    return true;
  }

  private async finish(expect: Expected): Promise<{ readonly stored: Stored; readonly stats: Stats }> {
    const { options, part, name } = this.spec;
    const sha256 = await this.checkHash(expect.sha256);
    this.spec.needUpload();
    if (options.mtime !== undefined) {
      const time = timeToSet(options.mtime);
      futimesSync(part.fd, time, time);
    }
    if (this.synced !== this.received || options.mtime !== undefined) await this.syncPart();
    if (!this.spec.isInside()) throw new VaultError("not-found", "the folder has gone elsewhere meanwhile");
    this.spec.mustBeSame();
    if (expect.there?.(this.spec.seen()) === false)
      throw new VaultError("changed", "what is there has changed meanwhile");
    const source: Name = { folder: part.folder, name: part.name };
    const target: Name = { folder: part.folder, name };
    const older = statAt(target);
    const replaced = older !== null && this.spec.mayReplace();
    if (replaced) {
      if (older.isFile()) keepMode(part.fd, older.mode);
      this.host.space.give(freeing(target, () => moveOver(source, target)));
    } else moveToFree(source, target);
    this.isNamed = true;
    const stats = fstatSync(part.fd);
    const entry = entryOf(name, stats);
    await syncFolder(part.folder);
    if (entry === null) throw new VaultError("failed", "what was stored is no file");
    return { stored: { entry, version: versionOf(stats), sha256, replaced }, stats };
  }

  private async syncPart(): Promise<void> {
    const { received } = this;
    await syncFile(this.spec.part.fd);
    this.synced = received;
  }

  private async checkHash(expected: string | undefined): Promise<string | null> {
    if (expected === undefined && this.spec.options.hash !== true) return null;
    const actual = this.sum?.digest("hex") ?? (await this.hashOf(this.received));
    if (expected === undefined || expected.toLowerCase() === actual) return actual;
    throw new VaultError("bad-hash", `what arrived has the hash ${actual}; it was deleted, send it again`);
  }

  private hashOf(length: number): Promise<string> {
    const job = { fd: this.spec.part.fd, offset: 0, length, algorithm: "sha256" } as const;
    const hashed = this.host.hasher.hash(job, this.busy.signal).then(
      ({ hash }) => hash,
      (error: unknown) => {
        throw this.why ?? refusalFor(error, this.spec.path);
      },
    );
    this.wait(hashed);
    return hashed;
  }

  /** Something reads the descriptors until it has settled. */
  private wait(work: Promise<unknown>): void {
    this.working = Promise.allSettled([this.working, work]);
  }

  /** A file that is getting its name is not broken off: all of it has come. */
  private async breakOff(detail: string | undefined, keep: boolean): Promise<void> {
    if (this.state === "open") {
      this.stop(new VaultError("cancelled", detail ?? "the upload was broken off"), keep, "broken");
    }
    await this.working;
  }

  private stop(why: VaultError, keep: boolean, outcome: TransferOutcome | "rests"): void {
    this.why = why;
    const isOfUse = this.resumable && this.received > 0 && isWorthKeeping(this.refusal ?? why, this.spec.options);
    const kept = keep && isOfUse && !this.isNamed;
    if (!kept && !this.isNamed) this.remove();
    if (kept && (outcome === "rests" || (outcome === "broken" && this.isPiece))) this.host.rests(this, why.message);
    else this.transfer.end(outcome === "rests" ? "broken" : outcome, why.message);
    this.busy.abort();
    this.end(kept);
  }

  private remove(): void {
    const { part } = this.spec;
    try {
      PartFile.remove(part.folder, part.name);
      this.host.space.give(this.received);
    } catch {
      // A disk that lets nothing be deleted now: it is looked after like what a killed daemon leaves.
    }
  }

  /** The name is free at once for whoever goes on; the descriptors only when nobody reads them any more. */
  private end(kept: boolean): void {
    this.state = "ended";
    const { part } = this.spec;
    this.host.ended(this, kept);
    void this.working.then(() => {
      closeFreed(part.fd, this.received);
      closeSync(part.folder);
    });
  }

  private mustBeOpen(): void {
    if (this.state === "open") return;
    throw this.why ?? new VaultError("cancelled", "the upload has ended");
  }
}
