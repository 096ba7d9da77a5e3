import { constants } from "node:fs";
import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { quote } from "../../bytes/text.ts";
import { lockFile } from "../../libc.ts";
import { moveToFree, statOf } from "../move-to-free.ts";
import { mayGoOn } from "../part-owner.ts";
import { hashBeginning, hashSoFar, sha256 } from "./hashing.ts";
import { LONGEST_NAME } from "./name.ts";
import { LocalTrouble, locally } from "./trouble.ts";

const SUFFIX = ".tincan-part";
const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
/** Others who finish the same file at this very moment, before it is clear that something is wrong. */
const MOST_TRIES = 10;

/**
 * Where the bytes of a file lie until they are whole: beside it, so that a rename is enough, and hidden. A name that would
 * be too long is cut and ends in its hash.
 */
export function partName(name: string): string {
  const whole = `.${name}${SUFFIX}`;
  if (Buffer.byteLength(whole) <= LONGEST_NAME) return whole;
  const tail = `~${sha256().update(name).digest("hex").slice(0, 16)}${SUFFIX}`;
  let head = "";
  let bytes = 1 + tail.length;
  for (const char of name) {
    bytes += Buffer.byteLength(char);
    if (bytes > LONGEST_NAME) break;
    head += char;
  }
  return `.${head}${tail}`;
}

/** Whether a file is one that is still arriving. */
export function isPartName(name: string): boolean {
  return name.startsWith(".") && name.endsWith(SUFFIX);
}

/** A file that is arriving. It is this process's alone, and no link. */
export class PartFile {
  private hasher = sha256();
  private isHashed = false;

  private constructor(
    private readonly path: string,
    private readonly target: string,
    private readonly file: FileHandle,
    private length: number,
  ) {}

  /** Opens what an earlier try left, or begins anew. @throws LocalTrouble */
  static async open(target: string): Promise<PartFile> {
    const path = join(dirname(target), partName(basename(target)));
    return await locally(target, async () => {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const part = await PartFile.tryOpen(path, target);
        if (part !== null) return part;
      }
      throw new LocalTrouble(`${quote(path, 200)} is another file each time one looks; choose another folder`);
    });
  }

  /** Bytes that are there. */
  get size(): number {
    return this.length;
  }

  /** SHA-256 of the bytes that are there. What an earlier try left is read for it once, off the loop. */
  async sha256(signal: AbortSignal): Promise<string> {
    if (!this.isHashed) {
      this.hasher = sha256();
      this.length = await locally(this.target, () => hashBeginning(this.file, this.length, this.hasher, signal));
      this.isHashed = true;
    }
    return hashSoFar(this.hasher);
  }

  /** Adds bytes. `hashed` says that they are in the hash already, which {@link clear} gave. */
  async write(bytes: Uint8Array, hashed: boolean): Promise<void> {
    await locally(this.target, async () => {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.file.write(bytes, at, bytes.length - at, this.length + at);
        at += bytesWritten;
      }
    });
    this.length += bytes.length;
    if (!hashed) this.hasher.update(bytes);
  }

  /** Forgets what is there, and gives the hash that all bytes to come belong into. */
  async clear(): Promise<Bun.CryptoHasher> {
    await locally(this.target, () => this.file.truncate(0));
    this.length = 0;
    this.hasher = sha256();
    this.isHashed = true;
    return this.hasher;
  }

  /**
   * It is whole: gives it its time, syncs it to the disk and gives it its name, without overwriting unless `force`. A link
   * that has the name is replaced itself, never what it leads to. The folder is not synced: a name that a power failure
   * takes back is fetched again, and of 10,000 small files it took more than half of the time (measured: 20 s instead of 8 s).
   * False: something else has the name by now.
   */
  async promote(mtime: number, force: boolean): Promise<boolean> {
    return await locally(this.target, async () => {
      await this.setTime(mtime);
      await this.file.sync();
      if (!force) return await moveToFree(this.path, this.target);
      await rename(this.path, this.target);
      return true;
    });
  }

  /** Takes it away: nobody needs it any more. */
  async remove(): Promise<void> {
    await locally(this.target, () => unlink(this.path));
  }

  /** A time that this machine cannot say is left out: the file is no worse for it. */
  private async setTime(mtime: number): Promise<void> {
    const time = new Date(mtime);
    if (!Number.isNaN(time.getTime())) await this.file.utimes(new Date(), time).catch(() => {});
  }

  /** Leaves it for another try; one that has nothing is removed. */
  async close(): Promise<void> {
    // Before it is let go of, so that nobody else has begun with it.
    if (this.length === 0) await unlink(this.path).catch(() => {});
    await this.file.close();
  }

  private static async tryOpen(path: string, target: string): Promise<PartFile | null> {
    const file = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o666);
    try {
      if (!lockFile(file.fd)) throw new LocalTrouble(`${quote(target, 200)}: it is being fetched already`);
      const [stats, named] = [await file.stat(), await statOf(path)];
      if (!stats.isFile()) throw new LocalTrouble(`${quote(path, 200)} is in the way; remove it`);
      if (!mayGoOn(stats, await stat(dirname(path)))) {
        throw new LocalTrouble(`${quote(path, 200)} is somebody else's; remove it`);
      }
      if (named?.ino === stats.ino && stats.nlink <= 1) return new PartFile(path, target, file, stats.size);
      // Whoever had it has finished it meanwhile, or was killed between giving it its name and taking this one away.
      if (named?.ino === stats.ino) await unlink(path);
      await file.close();
      return null;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

/** Why a file is not written. */
export function isThere(path: string): LocalTrouble {
  return new LocalTrouble(`${quote(path, 200)} is there already and is another file; --force replaces it`);
}
