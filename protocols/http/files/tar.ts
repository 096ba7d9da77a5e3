import { read } from "node:fs";
import { pack as tarPack } from "tar-stream";
import type { Access, Download } from "../../../src/files/access.ts";
import type { Entry } from "../../../src/files/entry.ts";
import { VaultError } from "../../../src/files/error.ts";
import { errorOf, messageOf } from "../../../src/thrown.ts";
import type { Reply, StreamBody } from "../wire/reply.ts";
import { dispositionOf } from "./content-type.ts";
import { hasChanged } from "./file-reply.ts";
import { nameOf } from "./path.ts";

const PIECE = 128 * 1024;

/** A folder and all that is in it as a tar, made while it is sent. */
export async function folderTar(access: Access, path: string): Promise<Reply> {
  const root = await access.stat(path);
  if (root.type !== "dir") throw new VaultError("not-a-folder", "only a folder can be sent as an archive");
  await mustBeReadable(access, path);
  const name = nameOf(path);
  const fields = {
    "Content-Type": "application/x-tar",
    "Content-Disposition": dispositionOf(`${name}.tar`, "attachment"),
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
  };
  return { status: 200, fields, body: new TarBody(access, path, name, root) };
}

/** What may not be read is left out, but refused where it is all that was asked for. */
async function mustBeReadable(access: Access, path: string): Promise<void> {
  const entries = access.entries(path);
  try {
    await entries.next();
  } finally {
    await entries.return(undefined);
  }
}

/** A folder that is still to be packed. */
interface Pending {
  readonly path: string;
  /** In the archive, with the `/` at its end. */
  readonly name: string;
  readonly entry: Entry;
}

class TarBody implements StreamBody {
  private readonly pack = tarPack();
  private readonly pieces = (this.pack as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  private readonly folders: Pending[];
  /** Folders that were packed: a link could lead back to one, round and round. */
  private readonly seen = new Set<string>();
  private begun = false;
  private cancelled = false;

  constructor(
    private readonly access: Access,
    path: string,
    name: string,
    entry: Entry,
  ) {
    this.folders = [{ path, name: `${name}/`, entry }];
  }

  async next(): Promise<Uint8Array | null> {
    if (!this.begun) {
      this.begun = true;
      void this.fill();
    }
    const piece = await this.pieces.next();
    return piece.done === true ? null : piece.value;
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.pack.destroy();
    this.access.leave();
  }

  /** Nothing waits for it: an error ends the archive, and so the connection, in the middle. */
  private async fill(): Promise<void> {
    try {
      for (let folder = this.folders.pop(); folder !== undefined && !this.cancelled; folder = this.folders.pop())
        await this.addFolder(folder);
      this.pack.finalize();
    } catch (error) {
      this.pack.destroy(errorOf(error));
    }
  }

  private async addFolder({ path, name, entry }: Pending): Promise<void> {
    if (this.seen.has(entry.id)) return;
    this.seen.add(entry.id);
    await this.addHeader({ name, ...timeOf(entry.mtime), type: "directory", mode: 0o755 });
    for await (const entries of orNothing(this.access.entries(path))) {
      for (const below of entries) {
        if (this.cancelled) return;
        const at = { path: `${path === "/" ? "" : path}/${below.name}`, name: name + below.name, entry: below };
        if (below.type === "dir") this.folders.push({ ...at, name: `${at.name}/` });
        else await this.addFile(at);
      }
    }
  }

  private async addFile({ path, name, entry }: Pending): Promise<void> {
    const download = await this.open(path);
    if (download === null) return;
    try {
      await this.addBytes(download, name, entry);
      download.close("done");
    } catch (error) {
      download.close("broken", messageOf(error));
      throw error;
    }
  }

  private async addBytes(download: Download, name: string, { mode }: Entry): Promise<void> {
    const { fd, length, mtime, transfer } = download;
    const added = Promise.withResolvers<void>();
    const header = { name, size: length, ...timeOf(mtime), type: "file" as const, mode: mode & 0o777 };
    const sink = this.pack.entry(header, (error) => (error ? added.reject(error) : added.resolve()));
    added.promise.catch(() => {});
    // It fails with the archive, which tells why; an error that nobody listens to would be one of the daemon.
    sink.on("error", () => {});
    for (let at = 0; at < length; ) {
      const piece = await readAt(fd, Math.min(PIECE, length - at), at);
      if (piece.length === 0) throw new Error(SHORT);
      if (!sink.write(piece)) await roomIn(sink, added.promise);
      if (this.cancelled) throw new Error("the connection ended");
      at += piece.length;
      transfer.move(piece.length);
    }
    if (hasChanged(download)) throw new Error("the file changed while it was sent; fetch it again");
    sink.end(undefined);
    await added.promise;
  }

  private addHeader(header: Parameters<typeof this.pack.entry>[0]): Promise<void> {
    return new Promise((done, failed) => this.pack.entry(header, (error) => (error ? failed(error) : done())));
  }

  /** Null: it may not be read, or has gone. */
  private async open(path: string): Promise<Download | null> {
    try {
      return await this.access.read(path);
    } catch (error) {
      if (isSkipped(error)) return null;
      throw error;
    }
  }
}

/** The last second that tar-stream writes right: it makes a signed number of 32 bits of it, and tar fails over what comes. */
const LAST_SECOND = 2 ** 31 - 1;

/** A time in milliseconds as a header has it; one before 1970 or after 2038 stands in a pax record, which has no limits. */
function timeOf(mtime: number): { readonly mtime: Date; readonly pax?: Record<string, string> } {
  const seconds = Math.floor(mtime / 1000);
  const told = Math.min(Math.max(seconds, 0), LAST_SECOND);
  return { mtime: new Date(told * 1000), ...(told !== seconds && { pax: { mtime: String(seconds) } }) };
}

const SHORT = "a file became shorter while it was sent";

/** What may not be read, or has gone meanwhile, is left out; any other failure must not pass for a whole archive. */
function isSkipped(error: unknown): boolean {
  return error instanceof VaultError && ["denied", "not-found", "not-a-file", "not-a-folder"].includes(error.code);
}

/** The entries of a folder; none when it may not be read, or has gone. */
async function* orNothing(entries: AsyncGenerator<readonly Entry[]>): AsyncGenerator<readonly Entry[]> {
  try {
    yield* entries;
  } catch (error) {
    if (!isSkipped(error)) throw error;
  }
}

/** Off the loop, because the disk may be slow. */
function readAt(fd: number, length: number, at: number): Promise<Uint8Array> {
  return new Promise((done, failed) =>
    read(fd, Buffer.allocUnsafeSlow(length), 0, length, at, (error, got, bytes) =>
      error === null ? done(bytes.subarray(0, got)) : failed(error),
    ),
  );
}

/** Waits until a sink takes more, or has failed. */
function roomIn(sink: NodeJS.EventEmitter, failed: Promise<void>): Promise<void> {
  return Promise.race([new Promise<void>((ready) => sink.once("drain", ready)), failed]);
}
