import { text } from "../../services/fields.ts";
import { loginCookie, logoutCookie, readCookie } from "../auth/cookie.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { HttpError } from "../wire/http-error.ts";
import { empty, json, type Reply } from "../wire/reply.ts";
import { readJson } from "./json-body.ts";
import { meOf } from "./me.ts";

const credentials = { user: text, password: text };

/** A login that a browser's cookie remembers. */
export function loginRoutes(host: HttpHost): readonly Route[] {
  const { authenticator, gate } = host;
  const { sessions } = authenticator;
  const path = host.prefix || "/";

  const login = async (x: Exchange): Promise<Reply> => {
    const plain = gate.refusesPlain(x.peer);
    if (plain !== null) throw new HttpError(403, "plain-password", plain);
    const visitor = await authenticator.login(await readJson(x, "login", credentials), x.peer);
    forget(x);
    const cookie = loginCookie(sessions.open(visitor), x, path);
    return json(meOf(host, visitor, x), 200, { "Set-Cookie": cookie });
  };

  const logout = (x: Exchange): Reply => {
    forget(x);
    return empty(204, { "Set-Cookie": logoutCookie(x, path), "Cache-Control": "no-store" });
  };

  /** The login that a browser had before ends with its cookie. */
  const forget = (x: Exchange) => {
    const secret = readCookie(x.field("cookie"), x);
    if (secret !== null) sessions.close(secret);
  };

  return [
    { path: "/api/login", methods: { POST: login }, renews: true },
    { path: "/api/logout", methods: { POST: logout }, renews: true },
  ];
}
