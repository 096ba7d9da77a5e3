import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MIB = 1024 * 1024;
const MEMORY = "/dev/shm";

/** What file servers serve: made when the first one needs it, gone with this process. */
export class Share {
  /** The name of the large file in {@link root}. */
  readonly file = "file";
  /** The name of a file of 1 KiB in {@link root}. */
  readonly small = "small";
  /** Another one of that size. */
  readonly other = "other";
  /** The name of a folder in {@link root} with {@link listed} files. */
  readonly folder = "folder";
  readonly listed = 100;
  /** The name of the folder in {@link memory} that everybody may write to. */
  readonly inbox = "inbox";
  #root: string | null = null;
  #memory: string | null = null;
  #sha256: string | null = null;

  /** @param mib MiB of the large file */
  constructor(private readonly mib: number) {}

  /** Bytes of the large file. */
  get bytes(): number {
    return this.mib * MIB;
  }

  /** A folder with the large file, in the page cache and on the disk: nothing of it is left to be written. */
  get root(): string {
    this.#root ??= this.makeRoot();
    return this.#root;
  }

  /** A folder in memory with an empty {@link inbox}. */
  get memory(): string {
    if (this.#memory === null) {
      this.#memory = makeFolder(existsSync(MEMORY) ? MEMORY : tmpdir());
      mkdirSync(join(this.#memory, this.inbox));
      // For nginx, which moves what has come from here.
      mkdirSync(join(this.#memory, "upload"));
      Bun.spawnSync(["chmod", "777", join(this.#memory, this.inbox), join(this.#memory, "upload")]);
    }
    return this.#memory;
  }

  /** Of the large file, in hex. */
  get sha256(): string {
    this.#sha256 ??= Bun.spawnSync(["sha256sum", join(this.root, this.file)])
      .stdout.toString()
      .slice(0, 64);
    return this.#sha256;
  }

  private makeRoot(): string {
    const root = makeFolder(tmpdir());
    const fd = openSync(join(root, this.file), "w");
    const piece = crypto.getRandomValues(Buffer.alloc(MIB).subarray(0, 65_536));
    const block = Buffer.concat(Array.from({ length: MIB / piece.length }, () => piece));
    for (let number = 0; number < this.mib; number++) {
      block.writeUInt32BE(number);
      writeSync(fd, block);
    }
    fdatasyncSync(fd);
    closeSync(fd);
    writeFileSync(join(root, this.small), piece.subarray(0, 1024));
    writeFileSync(join(root, this.other), piece.subarray(1024, 2048));
    mkdirSync(join(root, this.folder));
    for (let number = 0; number < this.listed; number++) {
      writeFileSync(join(root, this.folder, `picture-${number}.jpg`), "x".repeat(number));
    }
    return root;
  }
}

/** One that daemons which run as somebody else may enter. */
function makeFolder(where: string): string {
  const folder = mkdtempSync(join(where, "tincan-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  Bun.spawnSync(["chmod", "755", folder]);
  return folder;
}
