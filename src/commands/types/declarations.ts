import { readFileSync } from "node:fs";

/**
 * The declarations for users' files: the source that the code itself is checked against, as text. Run by the bundler (a
 * macro), so that the text becomes a part of the binary.
 */
export function declarations(): string {
  return readFileSync(new URL("../../net/peer.ts", import.meta.url), "utf8");
}
