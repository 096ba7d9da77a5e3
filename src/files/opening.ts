import { closeSync, constants, fstatSync, openSync, type Stats } from "node:fs";
import { quote } from "../bytes/text.ts";
import type { HashName, Span } from "./access.ts";
import { self } from "./descriptor-path.ts";
import { giveDescriptors, HELD, takeDescriptors } from "./descriptors.ts";
import { refusalFor } from "./errno.ts";
import { VaultError } from "./error.ts";
import type { Place } from "./jail.ts";
import { Outgoing, versionOf } from "./outgoing.ts";
import type { TransferSpec } from "./transfers.ts";
import type { View } from "./view.ts";

/** A file that is open, and the part of it that was asked for. */
interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
  readonly offset: number;
  readonly length: number;
}

/** Opens a file for sending; `closed` is told when it ends. */
export function openDownload(
  view: View,
  path: string,
  o: Span & { readonly version?: string },
  closed: (download: Outgoing) => void,
): Outgoing {
  const parts = view.parts(path);
  const file = openFile(view, path, parts, o);
  if (o.version !== undefined && o.version !== versionOf(file.stats)) {
    close(view, file);
    throw new VaultError("changed", `${quote(path, 200)} is not the file any more that was asked for; begin anew`);
  }
  const spec = specOf(view, parts, file);
  const { transfers } = view.vault;
  const transfer = o.length === 0 ? transfers.look(spec) : transfers.begin(spec);
  return new Outgoing(file.fd, file.stats, file.offset, file.length, transfer, view.way(parts), (download) => {
    giveDescriptors(view.vault.descriptors, HELD.get, view.visitor);
    closed(download);
  });
}

/** Counts a file as sent that was not opened, because its bytes are in memory still. */
export function countServed(view: View, path: string, bytes: number): void {
  view.need("read");
  const transfer = view.vault.transfers.begin(specOf(view, view.parts(path), { offset: 0, length: bytes }));
  transfer.move(bytes);
  transfer.end("done");
}

function specOf(
  view: View,
  parts: readonly string[],
  { offset, length }: Pick<OpenFile, "offset" | "length">,
): TransferSpec {
  return {
    door: view.door,
    account: view.visitor.account,
    host: view.visitor.host,
    direction: "get",
    path: view.sharePath(parts),
    offset,
    length,
  };
}

/** Hashes a part of a file off the loop. */
export async function hashFile(
  view: View,
  path: string,
  span: Span,
  algorithm: HashName,
  signal: AbortSignal,
): Promise<{ hash: string; bytes: number }> {
  const file = openFile(view, path, view.parts(path), span);
  try {
    const { fd, offset, length } = file;
    return await view.vault.hasher.hash({ fd, offset, length, algorithm }, signal);
  } catch (error) {
    if (signal.aborted) throw new VaultError("cancelled", "it is no longer wanted");
    throw refusalFor(error, path);
  } finally {
    close(view, file);
  }
}

function openFile(view: View, path: string, parts: readonly string[], span: Span): OpenFile {
  view.need("read");
  takeDescriptors(view.vault.descriptors, HELD.get, view.visitor);
  try {
    return view.at(path, parts, (place) => reopen(place, path, span));
  } catch (error) {
    giveDescriptors(view.vault.descriptors, HELD.get, view.visitor);
    throw error;
  }
}

function reopen(place: Place, path: string, { offset = 0, length }: Span): OpenFile {
  if (place.stats.isDirectory()) throw new VaultError("not-a-file", `${quote(path, 200)} is a folder`);
  if (!place.stats.isFile()) throw new VaultError("denied", `${quote(path, 200)} is neither a file nor a folder`);
  // Not to wait for anything, should it have become a pipe.
  const fd = openSync(self(place.fd), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (offset > stats.size) {
      const message = `${quote(path, 200)} has ${stats.size} bytes, so nothing is at ${offset}`;
      throw new VaultError("bad-range", message);
    }
    return { fd, stats, offset, length: Math.min(length ?? Number.POSITIVE_INFINITY, stats.size - offset) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function close(view: View, { fd }: OpenFile): void {
  closeSync(fd);
  giveDescriptors(view.vault.descriptors, HELD.get, view.visitor);
}
