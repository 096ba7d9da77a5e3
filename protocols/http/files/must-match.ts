import type { Access } from "../../../src/files/access.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { Exchange } from "../exchange.ts";
import { checkConditions, type Validators } from "../wire/conditions.ts";
import { etagOf } from "./get.ts";

const CONDITIONS = ["if-match", "if-none-match", "if-unmodified-since"];

/**
 * Nothing is changed that is not as a request's conditions say (RFC 9110, section 13.2.1).
 * @param path what the request is for: of a MOVE, what is moved
 * @throws HttpError 412
 */
export async function mustMatch(x: Exchange, access: Access, path: string): Promise<void> {
  if (CONDITIONS.every((name) => x.field(name) === undefined)) return;
  checkConditions((name) => x.field(name), await validatorsOf(access, path), false);
}

async function validatorsOf(access: Access, path: string): Promise<Validators> {
  try {
    const look = await access.read(path, { length: 0 });
    look.close("done");
    return { etag: etagOf(look.version), mtime: look.mtime };
  } catch (error) {
    const code = error instanceof VaultError ? error.code : null;
    if (code === "not-found" || code === "not-a-folder") return { etag: null, mtime: 0 };
    // A folder is there, and has no tag.
    if (code === "not-a-file") return { etag: "", mtime: (await access.stat(path)).mtime };
    throw error;
  }
}
