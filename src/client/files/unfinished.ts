import { lstat, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { locally } from "./trouble.ts";

/** No part of a file is called so, and who puts the folder elsewhere leaves it out as one. */
const MARK = ".tincan-part";
/** More than any address has. */
const MOST_BYTES = 64 * 1024;

/**
 * A folder that is fetched under a name of its own. Once it is there that name would mean a folder to put things into; so
 * while not all of it has come, a hidden file in it says what it is to become.
 */
export class UnfinishedFolder {
  constructor(
    readonly path: string,
    /** What is fetched, as a command names it. */
    private readonly source: string,
  ) {}

  /** Whether an earlier run has begun it, and not ended it. */
  async isBegun(): Promise<boolean> {
    try {
      // A pipe that somebody laid there would be waited for.
      const stats = await lstat(this.mark);
      return stats.isFile() && stats.size <= MOST_BYTES && (await readFile(this.mark, "utf8")) === this.text;
    } catch {
      return false;
    }
  }

  /** The folder is there. @throws LocalTrouble */
  async begin(): Promise<void> {
    if (await this.isBegun()) return;
    await locally(this.mark, () => writeFile(this.mark, this.text, { flag: "wx" }));
  }

  /** All of it has come. */
  async finish(): Promise<void> {
    await unlink(this.mark).catch(() => {});
  }

  private get mark(): string {
    return join(this.path, MARK);
  }

  private get text(): string {
    return `${this.source}\n`;
  }
}
