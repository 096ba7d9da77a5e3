import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { joinPath } from "./address.ts";
import { isPartName } from "./part.ts";
import { LeftOut, locally } from "./trouble.ts";

/** Something in a folder of this machine that is put: a folder comes before what is in it. */
export interface LocalItem {
  /** Seen from the folder that was named, with its name. */
  readonly name: string;
  readonly type: "file" | "dir";
  readonly file: string;
  /** Where it goes. */
  readonly path: string;
  readonly size: number;
}

/**
 * All in a folder. Links are left out, because they may lead in circles and to what nobody meant to give away, and so is
 * what is neither file nor folder. `left` is told of each thing that is left out.
 */
export async function* walkLocal(
  root: { readonly name: string; readonly file: string; readonly path: string },
  left: (name: string, error: unknown) => void,
): AsyncGenerator<LocalItem> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { name, file, path } = folder;
    yield { name, type: "dir", file, path, size: 0 };
    let entries: Dirent[];
    try {
      entries = await locally(file, () => readdir(file, { withFileTypes: true }));
    } catch (error) {
      left(name, error);
      continue;
    }
    for (const entry of entries) {
      const below = {
        name: `${name}/${entry.name}`,
        file: join(file, entry.name),
        path: joinPath(path, entry.name.normalize("NFC")),
      };
      if (isPartName(entry.name)) left(below.name, new LeftOut(`${below.name} is not whole; it is left out`));
      else if (entry.isDirectory()) folders.push(below);
      else {
        try {
          yield { ...below, type: "file", size: await sizeOf(below.file, below.name) };
        } catch (error) {
          left(below.name, error);
        }
      }
    }
  }
}

async function sizeOf(file: string, name: string): Promise<number> {
  const stats = await locally(file, () => lstat(file));
  if (stats.isSymbolicLink()) throw new LeftOut(`${name} is a symbolic link; it is left out`);
  if (!stats.isFile()) throw new LeftOut(`${name} is neither a file nor a folder; it is left out`);
  return stats.size;
}
