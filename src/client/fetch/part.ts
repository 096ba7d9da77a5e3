import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { quote } from "../../bytes/text.ts";
import { lockFile } from "../../libc.ts";
import { mayGoOn } from "../part-owner.ts";
import { FetchFailure } from "./failure.ts";

/** A name may have 255 bytes, and a part's has a dot, two hashes and `.tincan-part` around the file's own. */
const MAX_STEM_BYTES = 200;

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * A file that is not whole yet: `.NAME.URL-STATE.tincan-part` beside its target, where URL and STATE are hashes of the URL and of
 * what the server said of the file. So a later run finds what an earlier one left, and never goes on from another URL's
 * bytes or from those of a file that has changed since.
 */
export class Part {
  private constructor(
    readonly path: string,
    readonly fd: number,
  ) {}

  /**
   * Opens the part of a state, made where there is none. Those of other states of the same URL are removed: nobody will
   * ask for them again.
   * @param state null for what cannot be resumed: the part begins empty
   * @throws FetchFailure while another process writes it; the system's errors
   */
  static open(folder: string, name: string, url: string, state: string | null): Part {
    const stem = `.${cut(name)}.${hash(`${url}\0${name}`)}-`;
    const wanted = `${stem}${hash(state ?? "")}.tincan-part`;
    for (const other of readdirSync(folder)) {
      if (other.startsWith(stem) && other !== wanted) removeIdle(join(folder, other));
    }
    const part = Part.claim(join(folder, wanted));
    if (state === null) part.truncate();
    return part;
  }

  private static claim(path: string): Part {
    for (;;) {
      const fd = openSync(path, FLAGS, 0o666);
      try {
        const stats = fstatSync(fd);
        const { ino, nlink } = stats;
        // In a shared folder anybody can lay a file here.
        if (!mayGoOn(stats, statSync(dirname(path))))
          throw new FetchFailure(`${quote(path, 200)} is somebody else's; remove it`);
        if (!lockFile(fd)) throw new FetchFailure("another tincan is fetching it to the same place");
        // Whoever had the lock before may have given the file its name, or removed it.
        const isHere = lstatSync(path, { throwIfNoEntry: false })?.ino === ino;
        if (isHere && nlink === 1) return new Part(path, fd);
        // Or was killed when the file had its name and this one still: it is whole, and not to be written to.
        if (isHere) unlinkSync(path);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      closeSync(fd);
    }
  }

  get size(): number {
    return fstatSync(this.fd).size;
  }

  truncate(): void {
    ftruncateSync(this.fd, 0);
  }

  close(): void {
    closeSync(this.fd);
  }

  discard(): void {
    unlinkSync(this.path);
    this.close();
  }
}

/** Removes a part that no process writes. */
function removeIdle(path: string): void {
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
    if (lockFile(fd)) unlinkSync(path);
    closeSync(fd);
  } catch {
    // It is not ours, or gone already: it does not matter to this fetch.
  }
}

function hash(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 8);
}

function cut(name: string): string {
  if (Buffer.byteLength(name) <= MAX_STEM_BYTES) return name;
  return new TextDecoder().decode(Buffer.from(name).subarray(0, MAX_STEM_BYTES)).replace(/\ufffd+$/, "");
}
