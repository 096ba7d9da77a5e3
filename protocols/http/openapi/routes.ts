import { cookieName } from "../auth/cookie.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { json, type Reply } from "../wire/reply.ts";
import type { Where } from "./document.ts";

/** The description of the door, for programs and for people. It is loaded for the first who asks. */
export function openApiRoutes({ server, prefix }: HttpHost): readonly Route[] {
  const whereOf = (x: Exchange): Where => {
    const { head, peer, conn } = x;
    const { family, host, port } = conn.local;
    const own = family === "unix" ? "localhost" : `${family === "ipv6" ? `[${host}]` : host}:${port}`;
    const authority = head.fields.get("host") ?? own;
    const base = `${peer.encrypted ? "https" : "http"}://${authority}${prefix}`;
    return { version: server.replace(/^.*\//, ""), prefix, base, cookie: cookieName(x) };
  };

  const document = async (x: Exchange): Promise<Reply> => {
    const { openApi } = await import("./document.ts");
    return json(openApi(whereOf(x)));
  };

  const page = async (x: Exchange): Promise<Reply> => {
    const { apiPage, STYLE } = await import("./page.ts");
    const fields = {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": STYLE.policy,
      "Cache-Control": "no-store",
    };
    return { status: 200, fields, body: Buffer.from(apiPage(whereOf(x))) };
  };

  return [
    { path: "/api", methods: { GET: page } },
    { path: "/api/openapi.json", methods: { GET: document } },
  ];
}
