import type { Access } from "../../../src/files/access.ts";
import type { Entry } from "../../../src/files/entry.ts";
import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";
import { json, type Reply } from "../wire/reply.ts";

const MOST_ENTRIES = 1000;
/** Of one answer; a page that would be longer ends earlier. */
const MOST_BYTES = 256 * 1024;

/** A page of a folder as JSON: `?after=NAME&limit=N`. Rejects as the vault does, or with an {@link HttpError} 400. */
export async function folderJson({ query }: Exchange, access: Access, path: string): Promise<Reply> {
  const after = query.get("after");
  const limit = limitOf(query.get("limit"));
  const page = await access.page(path, { limit, ...(after !== null && { after: after.normalize("NFC") }) });
  const entries: object[] = [];
  let bytes = 0;
  for (const { name, type, size, mtime } of page.entries) {
    const entry = { name, type, size, mtime };
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (bytes > MOST_BYTES) break;
    entries.push(entry);
  }
  const isCut = entries.length < page.entries.length;
  const next = isCut ? (page.entries[entries.length - 1] as Entry).name : page.next;
  return json({ entries, next }, 200, { Vary: "Accept" });
}

function limitOf(text: string | null): number {
  if (text === null) return MOST_ENTRIES;
  const limit = Number(text);
  if (/^\d{1,6}$/.test(text) && limit >= 1 && limit <= MOST_ENTRIES) return limit;
  throw new HttpError(400, "bad-request", `limit is a number from 1 to ${MOST_ENTRIES}`);
}
