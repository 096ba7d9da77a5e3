import { join } from "node:path";
import { joinPath } from "./address.ts";
import type { RemoteEntry } from "./entry.ts";
import { listAll, type RemoteFolder } from "./listing.ts";
import { localName } from "./name.ts";
import type { Server } from "./server.ts";
import { LeftOut } from "./trouble.ts";

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
  list(name: string, work: () => Promise<RemoteFolder>): Promise<RemoteFolder>;
  /** Makes a folder on this machine, unless it is there. */
  make(target: string): Promise<void>;
  /** So many files were found. */
  found(files: number, bytes: number): void;
  /** Something is left out. */
  failed(name: string, error: unknown): void;
}

/** The folders that lead to one, the nearest first, by what the server calls them. */
interface Above {
  readonly id: string | null;
  readonly above: Above | null;
}

/** The files in a folder of a server and in all folders below it, which are made on this machine as they come. */
export async function* walkRemote(
  server: Server,
  root: { readonly name: string; readonly path: string; readonly target: string },
  listener: WalkListener,
): AsyncGenerator<Leaf> {
  const folders: { name: string; path: string; target: string; above: Above | null }[] = [{ ...root, above: null }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { name, path, target, above } = folder;
    let found: RemoteFolder;
    try {
      found = await listener.list(name, () => server.use((conn) => listAll(conn, path)));
      if (leadsBack(found, above)) {
        throw new LeftOut(`${name}/ is a link back to a folder that it lies in; it is left out`);
      }
      await listener.make(target);
    } catch (error) {
      listener.failed(`${name}/`, error);
      continue;
    }
    const { entries, id } = found;
    const files = entries.filter(({ type }) => type === "file");
    listener.found(
      files.length,
      files.reduce((sum, { size }) => sum + size, 0),
    );
    for (const entry of entries) {
      try {
        const own = localName(entry.name);
        const below = { name: `${name}/${own}`, path: joinPath(path, own), target: join(target, own) };
        if (entry.type === "dir") folders.push({ ...below, above: { id, above } });
        else yield { ...below, entry };
      } catch (error) {
        listener.failed(`${name}/${entry.name}`, error);
      }
    }
  }
}

function leadsBack({ id }: RemoteFolder, above: Above | null): boolean {
  for (let at = above; at !== null; at = at.above) if (id !== null && at.id === id) return true;
  return false;
}
