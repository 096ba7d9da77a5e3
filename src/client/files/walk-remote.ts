import { join } from "node:path";
import { joinPath } from "./address.ts";
import type { RemoteEntry } from "./entry.ts";
import { listAll } from "./listing.ts";
import { localName } from "./name.ts";
import { makeFolder } from "./places.ts";
import type { Server } from "./server.ts";

/** A file in a folder that is fetched. */
export interface Leaf {
  /** Seen from the folder that was asked for, with its name. */
  readonly name: string;
  readonly path: string;
  readonly target: string;
  readonly entry: RemoteEntry;
}

/** What is told on the way through a tree. */
export interface WalkListener {
  /** Lists a folder, with as many tries as it takes. */
  list(name: string, work: () => Promise<RemoteEntry[]>): Promise<RemoteEntry[]>;
  /** So many files were found. */
  found(files: number, bytes: number): void;
  /** Something is left out. */
  failed(name: string, error: unknown): void;
}

/** The files in a folder of a server and in all folders below it, which are made on this machine as they come. */
export async function* walkRemote(
  server: Server,
  root: { readonly name: string; readonly path: string; readonly target: string },
  listener: WalkListener,
): AsyncGenerator<Leaf> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { name, path, target } = folder;
    let entries: RemoteEntry[];
    try {
      await makeFolder(target);
      entries = await listener.list(name, () => server.use((conn) => listAll(conn, path)));
    } catch (error) {
      listener.failed(`${name}/`, error);
      continue;
    }
    const files = entries.filter(({ type }) => type === "file");
    listener.found(
      files.length,
      files.reduce((sum, { size }) => sum + size, 0),
    );
    for (const entry of entries) {
      try {
        const own = localName(entry.name);
        const below = { name: `${name}/${own}`, path: joinPath(path, own), target: join(target, own) };
        if (entry.type === "dir") folders.push(below);
        else yield { ...below, entry };
      } catch (error) {
        listener.failed(`${name}/${entry.name}`, error);
      }
    }
  }
}
