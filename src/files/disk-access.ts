import { closeSync, type Stats } from "node:fs";
import type { Visitor } from "../accounts/visitor.ts";
import type { Access, Change, Download, HashName, LeftOptions, Span, Stored, Upload, WriteOptions } from "./access.ts";
import { makeFolder, mustBeChangeable, removeAt, renameTo, setModeOf, setTimeOf } from "./changing.ts";
import { giveDescriptors, HELD, takeDescriptors } from "./descriptors.ts";
import type { Entry, EntryPage } from "./entry.ts";
import { entryOf } from "./entry-of.ts";
import { refusalFor } from "./errno.ts";
import { VaultError } from "./error.ts";
import type { Incoming, IncomingHost } from "./incoming.ts";
import { leftBehind } from "./left-behind.ts";
import type { Folder } from "./listing.ts";
import { countServed, hashFile, openDownload } from "./opening.ts";
import type { Outgoing } from "./outgoing.ts";
import type { OwnFiles } from "./own-files.ts";
import { ownerMark } from "./parts.ts";
import type { VaultParts } from "./vault-parts.ts";
import { View } from "./view.ts";
import { changeSeen } from "./watching.ts";
import { openUpload, unfinishedSize } from "./writing.ts";

/** What one connection holds of the vault, and what it has open. */
export class DiskAccess implements Access, IncomingHost {
  private readonly view: View;
  private readonly downloads = new Set<Outgoing>();
  private readonly uploads = new Set<Incoming>();
  private readonly watches = new Set<() => void>();
  private hasLeft = false;
  /** Ends what a hash in another thread works on; made for the first, because it costs more than a small file does. */
  private gone: AbortController | null = null;

  constructor(
    private readonly vault: VaultParts,
    readonly visitor: Visitor,
    door: string,
    own?: OwnFiles,
  ) {
    this.view = new View(vault, visitor, door, own);
  }

  get space() {
    return this.vault.space;
  }

  get hasher() {
    return this.vault.hasher;
  }

  async stat(path: string): Promise<Entry> {
    this.view.need("read");
    const parts = this.view.parts(path);
    const entry = this.view.at(path, parts, ({ stats }) => entryOf(parts.at(-1) ?? "", stats));
    if (entry === null) throw new VaultError("denied", "this is neither a file nor a folder");
    return entry;
  }

  async *entries(path: string): AsyncGenerator<readonly Entry[]> {
    const folder = this.openFolder(path);
    try {
      yield* this.vault.listing.entries(folder);
    } catch (error) {
      throw refusalFor(error, path);
    } finally {
      this.closeFolder(folder);
    }
  }

  async page(path: string, o: { readonly after?: string; readonly limit: number }): Promise<EntryPage> {
    const folder = this.openFolder(path);
    try {
      return await this.vault.listing.page(folder, o);
    } catch (error) {
      throw refusalFor(error, path);
    } finally {
      this.closeFolder(folder);
    }
  }

  async read(path: string, o: Span & { readonly version?: string } = {}): Promise<Download> {
    this.mustBeHere();
    const download = openDownload(this.view, path, o, () => this.downloads.delete(download));
    this.downloads.add(download);
    return download;
  }

  served(path: string, bytes: number): void {
    countServed(this.view, path, bytes);
  }

  hash(
    path: string,
    span: Span,
    algorithm: HashName,
    signal?: AbortSignal,
  ): Promise<{ readonly hash: string; readonly bytes: number }> {
    const gone = this.untilGone();
    return hashFile(this.view, path, span, algorithm, signal ? AbortSignal.any([gone, signal]) : gone);
  }

  async mkdir(path: string): Promise<void> {
    makeFolder(this.view, path);
  }

  async remove(path: string, only?: Entry["type"]): Promise<void> {
    removeAt(this.view, path, only);
  }

  async changeable(path: string): Promise<void> {
    mustBeChangeable(this.view, path);
  }

  async rename(from: string, to: string, o: { readonly overwrite?: boolean } = {}): Promise<void> {
    renameTo(this.view, from, to, o.overwrite ?? false);
  }

  async setTime(path: string, mtime: number): Promise<number> {
    return setTimeOf(this.view, path, mtime);
  }

  async setMode(path: string, mode: number): Promise<number> {
    return setModeOf(this.view, path, mode);
  }

  async write(path: string, o: WriteOptions): Promise<Upload> {
    const upload = await openUpload(this.view, path, o, this);
    this.uploads.add(upload);
    // The peer may have gone while the share was counted.
    if (this.hasLeft) await upload.keep("the connection ended");
    return upload;
  }

  async unfinished(path: string): Promise<number | null> {
    if (!this.visitor.may("upload")) return null;
    return unfinishedSize(this.view, path);
  }

  left(path: string, o: LeftOptions): Promise<{ readonly bytes: number; readonly sha256: string }> {
    return leftBehind(this.view, path, o, this.untilGone());
  }

  watch(path: string, listener: (change: Change) => void): () => void {
    this.mustBeHere();
    this.view.need("read");
    const watched = this.view.watched(path);
    const stop = this.vault.watch((event) => {
      const change = this.visitor.may("read") ? changeSeen(event, watched) : null;
      if (change !== null) listener(change);
    });
    this.watches.add(stop);
    return () => {
      this.watches.delete(stop);
      stop();
    };
  }

  leave(): void {
    this.hasLeft = true;
    this.gone?.abort();
    for (const stop of this.watches) stop();
    this.watches.clear();
    for (const download of [...this.downloads]) download.close("broken", "the connection ended");
    for (const upload of [...this.uploads]) void upload.keep("the connection ended");
  }

  rests({ spec }: Incoming, why: string): void {
    this.vault.resting.rest(spec.id, spec.transfer, why);
  }

  ended(upload: Incoming, kept: boolean): void {
    const { id } = upload.spec;
    this.uploads.delete(upload);
    if (this.vault.arriving.get(id) === upload) this.vault.arriving.delete(id);
    const mark = ownerMark(this.visitor.owner);
    if (kept) this.vault.parts.touch(mark, id);
    else this.vault.parts.remove(mark, id);
    giveDescriptors(this.vault.descriptors, HELD.put, this.visitor);
  }

  stored({ spec }: Incoming, { entry }: Stored, stats: Stats): void {
    this.view.own.add(stats);
    this.view.tell({ kind: "stored", path: spec.transfer.spec.path, entry });
  }

  private untilGone(): AbortSignal {
    if (this.hasLeft) return AbortSignal.abort();
    this.gone ??= new AbortController();
    return this.gone.signal;
  }

  /** What is asked behind something slower may come when its peer has left, and nobody would close it then. */
  private mustBeHere(): void {
    if (this.hasLeft) throw new VaultError("cancelled", "the connection has ended");
  }

  private openFolder(path: string): Folder {
    this.mustBeHere();
    this.view.need("read");
    const parts = this.view.parts(path);
    takeDescriptors(this.vault.descriptors, HELD.list, this.visitor);
    try {
      return this.view.folder(this.view.openListed(path, parts), parts);
    } catch (error) {
      giveDescriptors(this.vault.descriptors, HELD.list, this.visitor);
      throw error;
    }
  }

  private closeFolder({ fd }: Folder): void {
    closeSync(fd);
    giveDescriptors(this.vault.descriptors, HELD.list, this.visitor);
  }
}
