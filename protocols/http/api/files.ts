import type { Exchange } from "../exchange.ts";
import { folderJson } from "../files/folder-json.ts";
import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { HttpError } from "../wire/http-error.ts";
import type { Reply } from "../wire/reply.ts";

/** Folders by their path in the query, for programs that do not want to build addresses. */
export function folderRoutes({ vault }: HttpHost): readonly Route[] {
  const list = async (x: Exchange): Promise<Reply> => {
    if (vault === null)
      throw new HttpError(404, "no-files", "no files are shared here; start with tincan serve FOLDER");
    const path = x.query.get("path") ?? "/";
    const access = vault.enter(x.visitor, "http");
    try {
      return await folderJson(x, access, path.startsWith("/") ? path : `/${path}`);
    } finally {
      access.leave();
    }
  };
  return [{ path: "/api/files", methods: { GET: list } }];
}
