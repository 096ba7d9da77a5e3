import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files by their path below a folder; null is a folder that has none. */
export type Tree = Readonly<Record<string, Uint8Array | null>>;

/** Bytes that look random and are the same for the same length and seed. */
export function content(length: number, seed = 1): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (seed * 0x9e3779b9) >>> 0 || 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

/** Text of so many lines that end in LF. */
export function lines(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => `line ${i} of ${count}\n`).join(""));
}

/** The longest name that Linux allows: 255 bytes. */
export const LONG_NAME = `${"n".repeat(251)}.txt`;

/** Names that have troubled clients or servers, each of a file with content of its own. */
export const ODD_NAMES: readonly string[] = [
  "with space.txt",
  "two  spaces.txt",
  'double"quote.txt',
  "single'quote.txt",
  "-dash.txt",
  "emoji 😀.txt",
  "你好.txt",
  "100%.txt",
  "#hash.txt",
  "semi;colon&and.txt",
  "a=b; c.txt",
  "~tilde",
  LONG_NAME,
];

/** A small tree with all that a mirror must get right: odd names, empty files, empty folders, depth. */
export const SAMPLE: Tree = {
  "empty.bin": new Uint8Array(0),
  "one.bin": content(1),
  "big.bin": content(3 * 1024 * 1024 + 17),
  "text.txt": lines(100),
  hollow: null,
  "deep/1/2/3/4/5/6/7/8/9/10/end.bin": content(1000, 3),
  ...Object.fromEntries(ODD_NAMES.map((name, i) => [`odd names/${name}`, content(50 + i, i + 10)])),
};

/** 2001-02-03T04:05:06Z, in milliseconds: what planted files were last changed at. */
export const PLANTED_AT = Date.UTC(2001, 1, 3, 4, 5, 6);

export function plant(folder: string, tree: Tree): void {
  for (const [path, bytes] of Object.entries(tree)) {
    const at = join(folder, path);
    mkdirSync(bytes === null ? at : dirname(at), { recursive: true });
    if (bytes === null) continue;
    writeFileSync(at, bytes);
    utimesSync(at, PLANTED_AT / 1000, PLANTED_AT / 1000);
  }
}

/** What a folder holds, hidden files too: the hash of every file and the names of all folders, by path. */
export function digest(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const at = join(folder, path);
    found[path] = statSync(at).isDirectory() ? "folder" : createHash("sha256").update(readFileSync(at)).digest("hex");
  }
  return found;
}
