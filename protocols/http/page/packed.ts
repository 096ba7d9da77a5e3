import { join } from "node:path";

/** A file of the page as it lies in the binary; bytes are base64. */
export interface PackedAsset {
  /** Relative to the page; of the two documents it is a name instead. */
  readonly path: string;
  readonly type: string;
  /** SHA-256 of the plain bytes, hexadecimal. */
  readonly hash: string;
  readonly plain: string;
  readonly gzip: string;
  readonly br: string;
}

/**
 * The page, bundled and compressed. To be imported as a macro: then it runs while tincan is compiled, and the binary has
 * only the result; run from source it runs at import.
 */
export function packedPage(): PackedAsset[] {
  const { success, stdout, stderr } = Bun.spawnSync([process.execPath, join(import.meta.dir, "pack.ts")]);
  if (!success) throw new Error(`the page could not be bundled: ${stderr.toString()}`);
  return JSON.parse(stdout.toString()) as PackedAsset[];
}
