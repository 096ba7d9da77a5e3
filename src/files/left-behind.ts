import { closeSync } from "node:fs";
import type { LeftOptions } from "./access.ts";
import { giveDescriptors, HELD, takeDescriptors } from "./descriptors.ts";
import { refusalFor } from "./errno.ts";
import { PartFile } from "./part-file.ts";
import { ownerMark, partId, partName } from "./parts.ts";
import { fileToReplace, mustReplace } from "./replacing.ts";
import type { View } from "./view.ts";

/** What an upload has brought so far. */
export interface LeftBehind {
  readonly bytes: number;
  readonly sha256: string;
}

const NOTHING: LeftBehind = { bytes: 0, sha256: new Bun.CryptoHasher("sha256").digest("hex") };

/** What an earlier upload of the same owner, size and time left at a path; hashed off the loop. */
export async function leftBehind(view: View, path: string, o: LeftOptions, signal: AbortSignal): Promise<LeftBehind> {
  view.need("upload");
  const { descriptors, hasher } = view.vault;
  takeDescriptors(descriptors, HELD.get, view.visitor);
  let part: PartFile | null = null;
  try {
    part = find(view, path, o);
    if (part === null) return NOTHING;
    const { fd, size: length } = part;
    const { hash, bytes } = await hasher.hash({ fd, offset: 0, length, algorithm: "sha256" }, signal);
    return { bytes, sha256: hash };
  } catch (error) {
    throw refusalFor(error, path);
  } finally {
    if (part !== null) closeSync(part.fd);
    giveDescriptors(descriptors, HELD.get, view.visitor);
  }
}

function find(view: View, path: string, { size, mtime, overwrite = false }: LeftOptions): PartFile | null {
  return view.inFolder(path, view.newParts(path), (folder, name) => {
    const there = fileToReplace(view, path, { folder, name });
    if (there !== null) mustReplace(view, path, { overwrite });
    const { owner } = view.visitor;
    const key = partName({ owner, name, size, mtime });
    view.vault.parts.touch(ownerMark(owner), partId(folder, key));
    return PartFile.open(folder, key);
  });
}
