import type { Stats } from "node:fs";

/**
 * Whether what lies in a folder as the part of a file may be gone on with: it is ours, or the folder's owner's, who could
 * put anything there at any time (and on disks that know no owners all is somebody's who has mounted them). Of anybody
 * else's part the hash proves nothing: its owner can change the file when it is whole.
 */
export function mayGoOn(part: Pick<Stats, "uid">, folder: Pick<Stats, "uid">): boolean {
  return part.uid === process.geteuid?.() || part.uid === folder.uid;
}
