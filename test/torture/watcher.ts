import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Lists folders all the time, as a reader would, and sees whether a name ever has anything but the whole file. */
export class Watcher implements Disposable {
  private watching = true;
  private readonly wrong: string[] = [];
  private readonly known = new Set<string>();
  /** How often it has looked. */
  looks = 0;

  constructor(
    private readonly folders: readonly string[],
    private readonly name: string,
    private readonly size: number,
    private readonly hash: string,
  ) {
    const look = () => {
      if (!this.watching) return;
      for (const folder of this.folders) this.look(folder);
      this.looks++;
      setImmediate(look);
    };
    look();
  }

  /** What was wrong with what was seen; nothing should be. */
  stop(): readonly string[] {
    this.watching = false;
    return this.wrong;
  }

  [Symbol.dispose](): void {
    this.watching = false;
  }

  private look(folder: string): void {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(".")) continue;
      if (name !== this.name) this.wrong.push(`there is a ${name}`);
      else this.check(join(folder, name));
    }
  }

  private check(path: string): void {
    const stats = statSync(path);
    if (stats.size !== this.size) this.wrong.push(`${path} was seen with ${stats.size} bytes`);
    const id = `${path} ${stats.ino}`;
    if (this.known.has(id)) return;
    this.known.add(id);
    if (sha256(readFileSync(path)) !== this.hash) this.wrong.push(`${path} was seen with other bytes`);
  }
}
