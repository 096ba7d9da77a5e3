import { Refused } from "../messages.ts";
import { parentOf } from "./address.ts";
import type { FilesConnection } from "./connection.ts";
import { statPath } from "./listing.ts";

/** Makes a folder; one that is there already will do. Gives whether it was made. Rejects with Refused. */
export async function ensureFolder(conn: FilesConnection, path: string): Promise<boolean> {
  try {
    await conn.ask("mkdir", { path });
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Who may not make folders may still use one, and who may not look may still put.
    const type = await typeOf(conn, path);
    if (type === "dir" || (type === "hidden" && error.code === "exists")) return false;
    throw error;
  }
}

/** The same with all folders above it. */
export async function ensureFolders(conn: FilesConnection, path: string): Promise<void> {
  if (path === "/" || (await typeOf(conn, path)) === "dir") return;
  await ensureFolders(conn, parentOf(path));
  await ensureFolder(conn, path);
}

/** What is at a path; null when nothing is, `hidden` for who may not look. Rejects with Refused for any other reason. */
export async function typeOf(conn: FilesConnection, path: string): Promise<"file" | "dir" | "hidden" | null> {
  try {
    return (await statPath(conn, path)).type;
  } catch (error) {
    if (error instanceof Refused && error.code === "not-found") return null;
    if (error instanceof Refused && error.code === "denied") return "hidden";
    throw error;
  }
}
