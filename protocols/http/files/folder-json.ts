import type { Access } from "../../../src/files/access.ts";
import { toldPage } from "../../services/told.ts";
import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";
import { json, type Reply } from "../wire/reply.ts";

const MOST_ENTRIES = 1000;

/** A page of a folder as JSON: `?after=NAME&limit=N`. Rejects as the vault does, or with an {@link HttpError} 400. */
export async function folderJson({ query }: Exchange, access: Access, path: string): Promise<Reply> {
  const after = query.get("after");
  const limit = limitOf(query.get("limit"));
  const page = await access.page(path, { limit, ...(after !== null && { after: after.normalize("NFC") }) });
  return json(toldPage(page), 200, { Vary: "Accept" });
}

function limitOf(text: string | null): number {
  if (text === null) return MOST_ENTRIES;
  const limit = Number(text);
  if (/^\d{1,6}$/.test(text) && limit >= 1 && limit <= MOST_ENTRIES) return limit;
  throw new HttpError(400, "bad-request", `limit is a number from 1 to ${MOST_ENTRIES}`);
}
