import type { Exchange } from "../exchange.ts";
import { folderJson } from "../files/folder-json.ts";
import { noFiles } from "../files/no-files.ts";
import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import type { Reply } from "../wire/reply.ts";

/** Folders by their path in the query, for programs that do not want to build addresses. */
export function folderRoutes({ vault }: HttpHost): readonly Route[] {
  const list = async (x: Exchange): Promise<Reply> => {
    if (vault === null) throw noFiles();
    // With or without the slashes around it, as people write folders.
    const path = `/${(x.query.get("path") ?? "").replace(/^\/|\/$/g, "")}`;
    const access = vault.enter(x.visitor, "http");
    try {
      return await folderJson(x, access, path);
    } finally {
      access.leave();
    }
  };
  return [{ path: "/api/files", methods: { GET: list } }];
}
