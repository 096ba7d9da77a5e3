import type { Stats } from "node:fs";
import { link, lstat, rename, unlink } from "node:fs/promises";
import { diskLacks } from "../disk-lacks.ts";
import { codeOf } from "../thrown.ts";

/**
 * Gives a file another name that nothing has; of two who do so at once one does not succeed. False: something has it.
 * @throws the system's errors
 */
export async function moveToFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST" || (diskLacks(code) && (await statOf(to)) !== null)) return false;
    if (!diskLacks(code)) throw error;
    await rename(from, to);
    return true;
  }
  await unlink(from).catch((error: unknown) => {
    // Who finds both names may take this one for what a killed client left, and be faster.
    if (codeOf(error) !== "ENOENT") throw error;
  });
  return true;
}

/** What has a name, a link itself and not what it leads to; null when nothing has. */
export async function statOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
