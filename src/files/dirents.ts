import { closeSync, constants, openSync, readdirSync } from "node:fs";
import { hasGetdents, readNames } from "../libc.ts";
import { self } from "./descriptor-path.ts";

/** A name in a folder. `unknown`: this disk tells no kinds, so the file must be asked. */
export interface Dirent {
  readonly name: string;
  readonly kind: "file" | "dir" | "link" | "other" | "unknown";
}

/** getdents64(2): what is read at once. Names have some 30 bytes, so this is about 1,000 of them. */
const PIECE = 32 * 1024;
/** linux/dirent.h: d_ino 8, d_off 8, d_reclen 2, d_type 1, then the name and a NUL. */
const AT_LENGTH = 16;
const AT_TYPE = 18;
const AT_NAME = 19;
const KINDS: Readonly<Record<number, Dirent["kind"]>> = { 0: "unknown", 4: "dir", 8: "file", 10: "link" };

/**
 * The names in a folder, in pieces, as the disk has them. Node and Bun read a folder whole, however large it is: 100,000
 * names at once hold the loop for 60 ms and any number of bytes. Names that are not UTF-8 are left out: nobody could ask
 * for them.
 * @param folder a descriptor of the folder, which may be O_PATH
 * @param onInvalid is told of each name that is left out
 * @throws system errors, also in the middle: what has been read until then is not all
 */
export function* dirents(folder: number, onInvalid: () => void = () => {}): Generator<readonly Dirent[]> {
  if (!hasGetdents) {
    yield readdirSync(self(folder), { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? "file" : entry.isDirectory() ? "dir" : entry.isSymbolicLink() ? "link" : "other",
    }));
    return;
  }
  const fd = openSync(self(folder), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    for (;;) {
      const length = readNames(fd, buffer);
      if (length === 0) return;
      yield parse(buffer.subarray(0, length), onInvalid);
    }
  } finally {
    closeSync(fd);
  }
}

function parse(bytes: Buffer, onInvalid: () => void): readonly Dirent[] {
  const found: Dirent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + bytes.readUInt16LE(at + AT_LENGTH);
    const end = bytes.indexOf(0, at + AT_NAME);
    const name = bytes.toString("utf8", at + AT_NAME, end);
    const valid = !name.includes("\ufffd") || Buffer.from(name).equals(bytes.subarray(at + AT_NAME, end));
    if (!valid) onInvalid();
    else if (name !== "." && name !== "..") {
      found.push({ name, kind: KINDS[bytes[at + AT_TYPE] ?? 0] ?? "other" });
    }
    at = next;
  }
  return found;
}
