import { quote } from "../../../src/bytes/text.ts";
import type { Access } from "../../../src/files/access.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";
import { empty, type Reply } from "../wire/reply.ts";
import { ABSOLUTE } from "../wire/request-head.ts";
import { mustMatch } from "./must-match.ts";
import { type FilePath, fileAddress, readFilePath } from "./path.ts";

const OF_WHAT_IS_THERE = "OPTIONS, GET, HEAD, PUT, DELETE, MOVE";

/** DELETE: a file, or an empty folder. */
export async function deleteAt(x: Exchange, access: Access, { path, isFolder }: FilePath): Promise<Reply> {
  await mustMatch(x, access, path);
  await access.remove(path, isFolder ? "dir" : undefined);
  return empty(204);
}

/**
 * MKCOL (RFC 4918, section 9.3): 409 where the folder around it is missing, and clients make that one first; 405 where there
 * is something already, and they go on.
 */
export async function makeFolder(x: Exchange, access: Access, path: string, prefix: string): Promise<Reply> {
  if (x.body.length !== 0) throw new HttpError(415, "bad-type", "a folder is made without a body");
  await mustMatch(x, access, path);
  await access.mkdir(path).catch((error: unknown) => {
    if (!(error instanceof VaultError && error.code === "exists")) withoutParent(error);
    throw new HttpError(405, error.code, error.message, { Allow: OF_WHAT_IS_THERE });
  });
  return empty(201, { Location: `${prefix}${fileAddress(path)}/` });
}

/** MOVE (RFC 4918, section 9.9), but that nothing is replaced unless it is asked for. */
export async function moveTo(x: Exchange, access: Access, at: FilePath, prefix: string): Promise<Reply> {
  const { path: from } = at;
  const { path: to, isFolder } = readDestination(x, prefix);
  await mustMatch(x, access, from);
  if (at.isFolder || isFolder) await mustBeFolder(access, from);
  // Section 9.9.4.
  if (to.normalize("NFC") === from.normalize("NFC") && (await exists(access, from)))
    throw new HttpError(403, "denied", "it has this name already; the Destination must be another");
  const overwrite = x.field("overwrite")?.toUpperCase();
  const isThere = overwrite !== undefined && (await exists(access, to));
  if (isThere && overwrite === "F") throw new HttpError(412, "precondition", `${quote(to, 200)} is there already`);
  await access.rename(from, to, { overwrite: overwrite === "T" }).catch(async (error: unknown) => {
    // Section 9.9.4: 404 is for what was to be moved.
    if (await exists(access, from)) withoutParent(error);
    throw error;
  });
  return empty(isThere ? 204 : 201, { Location: prefix + fileAddress(to) });
}

/** What has a name to be made does not miss itself, but the folder that it is to lie in. */
export function withoutParent(error: unknown): never {
  const isMissing = error instanceof VaultError && error.code === "not-found";
  throw isMissing ? new HttpError(409, "not-found", error.message) : error;
}

/** What an address that ends in `/` says. Whatever else is wrong with it is told when it is moved. */
async function mustBeFolder(access: Access, path: string): Promise<void> {
  const entry = await access.stat(path).catch(() => null);
  if (entry?.type === "file") throw new VaultError("not-a-folder", `${quote(path, 200)} is not a folder`);
}

/** @throws HttpError 400, 403, 502 */
function readDestination(x: Exchange, prefix: string): FilePath {
  const field = x.field("destination");
  if (field === undefined) throw new HttpError(400, "bad-request", "say where to: Destination: /files/OTHER");
  const [, host, rest] = ABSOLUTE.exec(field) ?? [];
  if (host !== undefined && host.toLowerCase() !== x.field("host")?.toLowerCase())
    throw new HttpError(502, "wrong-host", "nothing is moved to another server; the Destination must be on this one");
  const address = rest ?? field;
  const below = [`${prefix}/files/`, "/files/"].find((start) => address.startsWith(start));
  if (below === undefined) throw new HttpError(403, "denied", `the Destination must lie below ${prefix}/files/`);
  return readFilePath(address.slice(below.length).replace(/[?#].*$/, ""));
}

async function exists(access: Access, path: string): Promise<boolean> {
  try {
    await access.stat(path);
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
