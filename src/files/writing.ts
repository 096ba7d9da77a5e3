import { closeSync } from "node:fs";
import { quote } from "../bytes/text.ts";
import type { Seen, WriteOptions } from "./access.ts";
import { giveDescriptors, HELD, takeDescriptors } from "./descriptors.ts";
import { mtimeOf } from "./entry-of.ts";
import { refusalFor } from "./errno.ts";
import { VaultError } from "./error.ts";
import { freeing } from "./freeing.ts";
import { giveWay } from "./giving-way.ts";
import { Incoming, type IncomingHost } from "./incoming.ts";
import { type Name, storedName } from "./naming.ts";
import { versionOf } from "./outgoing.ts";
import { PartFile } from "./part-file.ts";
import { orphanName, ownerMark, partId, partName } from "./parts.ts";
import { fileToReplace, mustReplace } from "./replacing.ts";
import type { Root } from "./root.ts";
import type { TransferSpec } from "./transfers.ts";
import type { View } from "./view.ts";

/** Where an upload goes: the folder is open. */
interface Target {
  readonly path: string;
  readonly parts: readonly string[];
  readonly folder: number;
  /** Within which the folder was found. */
  readonly root: Root;
  readonly name: string;
}

/** A part that is open, and whether it is kept for a later try when this one breaks off. */
interface Beginning {
  readonly part: PartFile;
  readonly resumable: boolean;
  /** The version of the file that it began as a copy of. */
  readonly copyOf?: string;
}

/** Begins an upload. What is refused is refused before a byte comes. */
export async function openUpload(view: View, path: string, o: WriteOptions, host: IncomingHost): Promise<Incoming> {
  view.need("upload");
  const parts = view.newParts(path);
  await view.vault.census.begin();
  const { descriptors } = view.vault;
  takeDescriptors(descriptors, HELD.put, view.visitor);
  let folder: number | null = null;
  try {
    folder = view.openFolder(parts);
    const { root } = view.vault.jail;
    const target: Target = { path, parts, folder, root, name: storedName({ folder, name: parts.at(-1) ?? "" }) };
    view.vault.space.on(folder).check(leastToCome(view, target, o));
    const beginning = begin(view, target, o);
    // No turn passes between looking for uploads of the same part and being one: two would write to it.
    return arrive(view, target, beginning instanceof Promise ? await beginning : beginning, o, host);
  } catch (error) {
    if (folder !== null) closeSync(folder);
    giveDescriptors(descriptors, HELD.put, view.visitor);
    throw refusalFor(error, path);
  }
}

/** How much room an upload needs at least, so that what cannot be stored is refused before it is sent. */
function leastToCome(
  view: View,
  { folder, name }: Target,
  { size, mtime, coming, resume, append }: WriteOptions,
): number {
  if (size === undefined) return coming ?? (resume || append ? 0 : 1);
  if (resume !== true) return size - (typeof resume === "number" ? Math.min(resume, size) : 0);
  const key = partName({ owner: view.visitor.owner, name, size, mtime });
  return size - Math.min(size, PartFile.sizeOf(folder, key) ?? 0);
}

/** Bytes that an earlier upload without size and time left at a path. */
export function unfinishedSize(view: View, path: string): number | null {
  return view.inFolder(path, view.parts(path), (folder, name) => {
    const { owner } = view.visitor;
    const key = partName({ owner, name });
    view.vault.parts.touch(ownerMark(owner), partId(folder, key));
    return PartFile.sizeOf(folder, key);
  });
}

function arrive(
  view: View,
  { path, parts, folder, root, name }: Target,
  { part, resumable, copyOf }: Beginning,
  o: WriteOptions,
  host: IncomingHost,
): Incoming {
  const { vault, visitor, door } = view;
  const id = partId(folder, part.name);
  const spec: TransferSpec = {
    door,
    account: visitor.account,
    host: visitor.host,
    direction: "put",
    path: view.sharePath(parts),
    offset: part.size,
    length: o.size === undefined ? null : o.size - part.size,
  };
  const transfer = vault.resting.goOn(id, door, part.size) ?? vault.transfers.begin(spec);
  const upload = new Incoming(host, {
    id,
    part,
    name,
    path,
    resumable,
    needUpload: () => view.need("upload"),
    mustBeSame() {
      if (copyOf !== undefined) mustBe(view, path, parts, copyOf);
    },
    seen: () => seenAt(view, path, parts),
    mayReplace: () => o.overwrite === true && visitor.may("write"),
    isInside: () => vault.jail.holds(folder, root),
    options: o,
    transfer,
  });
  vault.arriving.set(id, upload);
  return upload;
}

function begin(view: View, target: Target, o: WriteOptions): Beginning | Promise<Beginning> {
  const { path, folder, name } = target;
  const there = fileToReplace(view, path, target);
  if (there !== null) mustReplace(view, path, o);
  const from = typeof o.resume === "number" && o.resume > 0 ? o.resume : null;
  if (there !== null && o.append === true) return changeFile(view, target, null);
  const { size, mtime } = o;
  const key = partName({ owner: view.visitor.owner, name, size, mtime });
  if (there !== null && from !== null && PartFile.sizeOf(folder, key) === null) return changeFile(view, target, from);
  if (o.append === true || o.resume === true || from !== null) {
    const left = takeUp(view, target, key, size);
    if (left !== null && from === null) return { part: left, resumable: true };
    if (from !== null) return { part: cut(view, path, left, from), resumable: true };
  }
  // The first of several pieces: who still brings an older one would keep the others from being added to this.
  if (size !== undefined && o.coming !== undefined) view.vault.arriving.get(partId(folder, key))?.replace();
  return beginAnew(view, target, o.once === true ? null : key);
}

/** A file is appended to, or written to from some offset: a copy of it is, so that nobody reads half a change. */
function changeFile(view: View, target: Target, from: number | null): Promise<Beginning> {
  const { path, parts, folder } = target;
  return view.at(path, parts, async ({ fd, stats }) => {
    if (!stats.isFile()) throw new VaultError("not-a-file", `${quote(path, 200)} is no file`);
    if (from !== null && from > stats.size) throw tooLittle(path, stats.size, from);
    const name = orphanName(view.visitor.owner);
    const forget = register(view, target, name);
    try {
      const part = await copy(view, { folder, name }, fd, stats.size, from ?? stats.size);
      return { part, resumable: false, copyOf: versionOf(stats) };
    } catch (error) {
      forget();
      throw error;
    }
  });
}

/** What others have added to it meanwhile would be lost. */
function mustBe(view: View, path: string, parts: readonly string[], version: string): void {
  if (view.at(path, parts, ({ stats }) => versionOf(stats)) === version) return;
  throw new VaultError("changed", `${quote(path, 200)} has been changed by somebody else meanwhile; send it again`);
}

function seenAt(view: View, path: string, parts: readonly string[]): Seen | null {
  try {
    return view.at(path, parts, ({ stats }) => ({
      version: stats.isFile() ? versionOf(stats) : null,
      mtime: mtimeOf(stats),
    }));
  } catch (error) {
    if (error instanceof VaultError && error.code === "not-found") return null;
    throw error;
  }
}

/** The first `length` bytes of a file of `size`. What fails leaves nothing. */
async function copy({ vault }: View, at: Name, fd: number, size: number, length: number): Promise<PartFile> {
  const { folder, name } = at;
  vault.space.on(folder).take(size);
  vault.copying.add(at);
  try {
    const part = await PartFile.copy(folder, name, fd, length);
    vault.space.give(size - length);
    return part;
  } catch (error) {
    vault.space.give(size);
    PartFile.remove(folder, name);
    throw error;
  } finally {
    vault.copying.delete(at);
  }
}

/** What an earlier try left; whoever still sends to it is told that it is replaced. */
function takeUp(view: View, { folder, parts }: Target, key: string, size: number | undefined): PartFile | null {
  const id = partId(folder, key);
  const older = view.vault.arriving.get(id);
  if (older !== undefined && !older.replace()) return null;
  const part = PartFile.open(folder, key);
  if (part === null) return null;
  if (size !== undefined && part.size > size) {
    closeSync(part.fd);
    return null;
  }
  view.vault.parts.found(ownerMark(view.visitor.owner), id, view.folderOf(parts));
  return part;
}

function cut(view: View, path: string, left: PartFile | null, from: number): PartFile {
  if (left !== null && left.size >= from) {
    view.vault.space.give(left.size - from);
    return left.cutTo(from);
  }
  if (left !== null) closeSync(left.fd);
  throw tooLittle(path, left?.size ?? 0, from);
}

/** @param key what another try would find it by; null: none shall */
function beginAnew(view: View, target: Target, key: string | null): Beginning {
  const { folder } = target;
  const resumable = key !== null && !view.vault.arriving.has(partId(folder, key));
  if (resumable) {
    view.vault.space.give(freeing({ folder, name: key }, () => PartFile.remove(folder, key)));
  }
  const name = resumable ? key : orphanName(view.visitor.owner);
  const forget = register(view, target, name);
  try {
    return { part: PartFile.create(folder, name), resumable };
  } catch (error) {
    forget();
    throw error;
  }
}

/** Counts a part; what is returned forgets it, if it could not begin. @throws VaultError `too-many` */
function register(view: View, { folder, parts }: Target, name: string): () => void {
  const { vault, visitor } = view;
  const mark = ownerMark(visitor.owner);
  const id = partId(folder, name);
  if (vault.parts.isFull(mark, id) && !giveWay(vault, mark)) throw vault.parts.tooMany(mark);
  vault.parts.found(mark, id, view.folderOf(parts));
  return () => vault.parts.remove(mark, id);
}

function tooLittle(path: string, has: number, from: number): VaultError {
  const message = `of ${quote(path, 200)} there are ${has} bytes here, so nothing can go on at ${from}; begin anew`;
  return new VaultError("nothing-to-resume", message);
}
