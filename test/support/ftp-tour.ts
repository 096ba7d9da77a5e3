import { expect } from "bun:test";
import { writeFileSync } from "node:fs";
import { FtpShare } from "./ftp-share.ts";
import { content, digest, lines } from "./tree.ts";

/** What a client is typed besides what all of its family are. */
export interface Extras {
  readonly first?: readonly string[];
  /** In the folder with the one file `moved.txt`. */
  readonly there?: readonly string[];
  readonly last?: readonly string[];
}

/**
 * Types into a client of the BSD family what people do with one: get, go on, put, append, make a folder, rename, look
 * around, delete; and looks at what came of it.
 * @param type gives what the client said
 * @param look at what came of the extras
 */
export async function tour(
  type: (share: FtpShare, typed: readonly string[]) => Promise<string>,
  { first = [], there = [], last = [] }: Extras,
  look: (share: FtpShare, said: string) => void,
): Promise<void> {
  const bytes = content(500_000);
  await using share = await FtpShare.open({ "big.bin": bytes, "two words.txt": lines(2) });
  writeFileSync(share.local("big.bin"), bytes.subarray(0, 123_456));
  writeFileSync(share.local("up.txt"), lines(5));
  const said = await type(share, [
    ...first,
    "reget big.bin",
    'get "two words.txt" words.txt',
    "put up.txt there.txt",
    "append up.txt there.txt",
    "mkdir made",
    "rename there.txt made/moved.txt",
    "cd made",
    "pwd",
    "size moved.txt",
    "modtime moved.txt",
    ...there,
    "ls",
    "nlist",
    "cdup",
    'delete "two words.txt"',
    ...last,
  ]);
  expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
  expect(share.localBytes("words.txt").toString()).toBe(lines(2).toString());
  expect(share.sharedBytes("made/moved.txt").toString()).toBe(lines(5).toString().repeat(2));
  expect(Object.keys(digest(share.shared())).sort()).toEqual(["big.bin", "made", "made/moved.txt"]);
  expect(said).toMatch(/^-rw\S+ .* moved\.txt\r?$/m);
  expect(said).toContain("/made");
  look(share, said);
}
