import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";

/** unix(7): `sun_path` has 108 bytes with the NUL at its end. */
const LONGEST_PATH = 107;

/** A path under which a socket can be made or reached, for as long as it is held. */
export interface Place extends Disposable {
  readonly path: string;
}

/** Where the control socket of a state folder is, whatever length that has. */
export function pathIn(folder: string): string {
  return join(folder, "control.sock");
}

/**
 * The control socket of a state folder. Where its path is too long for a Unix socket, the folder is opened and the socket
 * is reached through the descriptor (proc(5), `/proc/self/fd`). Throws when there is no such folder.
 */
export function placeOf(folder: string): Place {
  const path = pathIn(folder);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, [Symbol.dispose]() {} };
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${fd}/control.sock`, [Symbol.dispose]: () => closeSync(fd) };
}
