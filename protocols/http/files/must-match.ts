import type { Access, Seen } from "../../../src/files/access.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { Exchange } from "../exchange.ts";
import { checkConditions, type Validators } from "../wire/conditions.ts";
import { HttpError } from "../wire/http-error.ts";
import { etagOf } from "./get.ts";

const CONDITIONS = ["if-match", "if-none-match", "if-unmodified-since"];
const NOTHING: Validators = { etag: null, mtime: 0 };
/** A folder is there, and has no tag. */
const FOLDER = "";

/**
 * Nothing is changed that is not as a request's conditions say (RFC 9110, section 13.2.1).
 * @param path what the request is for: of a MOVE, what is moved
 * @throws HttpError 412
 */
export async function mustMatch(x: Exchange, access: Access, path: string): Promise<void> {
  if (!hasConditions(x)) return;
  checkConditions((name) => x.field(name), await validatorsOf(access, path), false);
}

/** Whether what has the path by now is still as the conditions say; undefined where there are none. */
export function matching(x: Exchange): ((seen: Seen | null) => boolean) | undefined {
  if (!hasConditions(x)) return undefined;
  return (seen) => {
    try {
      checkConditions((name) => x.field(name), validatorsFrom(seen), false);
      return true;
    } catch (error) {
      if (error instanceof HttpError) return false;
      throw error;
    }
  };
}

function hasConditions(x: Exchange): boolean {
  return CONDITIONS.some((name) => x.field(name) !== undefined);
}

function validatorsFrom(seen: Seen | null): Validators {
  if (seen === null) return NOTHING;
  return { etag: seen.version === null ? FOLDER : etagOf(seen.version), mtime: seen.mtime };
}

async function validatorsOf(access: Access, path: string): Promise<Validators> {
  try {
    const look = await access.read(path, { length: 0 });
    look.close("done");
    return { etag: etagOf(look.version), mtime: look.mtime };
  } catch (error) {
    const code = error instanceof VaultError ? error.code : null;
    if (code === "not-found" || code === "not-a-folder") return NOTHING;
    if (code === "not-a-file") return { etag: FOLDER, mtime: (await access.stat(path)).mtime };
    throw error;
  }
}
