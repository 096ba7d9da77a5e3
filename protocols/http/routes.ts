import { quote } from "../../src/bytes/text.ts";
import type { Exchange } from "./exchange.ts";
import { HttpError } from "./wire/http-error.ts";
import { empty, type Reply } from "./wire/reply.ts";

/** What stood in a path where the route has `:name`, percent-encoded as it came; where it ends in `*`, the rest by that name. */
export type Params = Readonly<Record<string, string>>;

export type Handler = (x: Exchange, params: Params) => Reply | Promise<Reply>;

/** An address, and what can be done there. GET answers HEAD as well. */
export interface Route {
  /** `/api/rooms/:room/messages`, `/files/*`; `/*` is what has a first part that no other route begins with. */
  readonly path: string;
  readonly methods: Readonly<Record<string, Handler>>;
  /** Only for this machine's own users, and accounts that may `admin`; OPTIONS is for everybody. */
  readonly operator?: true;
  /** Also for who shows a login that has ended: it logs in anew, or out. */
  readonly renews?: true;
}

export interface Found {
  readonly route: Route;
  readonly handler: Handler;
  readonly params: Params;
}

const NONE: Params = {};

/** The addresses of a door. */
export class Routes {
  private readonly exact = new Map<string, Route>();
  private readonly patterns: { readonly route: Route; readonly parts: readonly string[] }[] = [];
  /** First parts of the addresses. */
  private readonly names = new Set<string>();
  private rest: Route | null = null;

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (route.path === "/*") {
        this.rest = route;
        continue;
      }
      this.names.add(firstPart(route.path));
      if (/[:*]/.test(route.path)) this.patterns.push({ route, parts: route.path.split("/") });
      else this.exact.set(route.path, route);
    }
  }

  /** Whether an address begins with the first part of a path. */
  begins(path: string): boolean {
    return this.names.has(firstPart(path));
  }

  /** @throws HttpError 404, 405 */
  find(method: string, path: string): Found {
    const exact = this.exact.get(path);
    if (exact !== undefined) return choose(exact, method, NONE);
    for (const { route, parts } of this.patterns) {
      const params = match(parts, path);
      if (params !== null) return choose(route, method, params);
    }
    if (this.rest !== null && !this.names.has(firstPart(path)))
      return choose(this.rest, method, { "*": path.slice(1) });
    throw new HttpError(404, "not-found", `there is no ${quote(path)} here; look at / or /api`);
  }
}

function firstPart(path: string): string {
  return path.split("/", 2)[1] ?? "";
}

function choose(route: Route, method: string, params: Params): Found {
  const name = method === "HEAD" ? "GET" : method;
  const handler = Object.hasOwn(route.methods, name) ? route.methods[name] : undefined;
  if (handler !== undefined) return { route, handler, params };
  const allow = allowed(route);
  // RFC 9110, section 9.3.7. Proxies ask so whether a server lives: haproxy's httpchk, where it is told nothing else.
  if (method === "OPTIONS") return { route, handler: () => empty(204, { Allow: allow }), params };
  throw new HttpError(405, "bad-method", `${quote(method)} cannot be done here; there is ${allow}`, { Allow: allow });
}

/** What can be done at an address. */
function allowed({ methods }: Route): string {
  const names = Object.keys(methods);
  return ["OPTIONS", ...(names.includes("GET") ? ["HEAD"] : []), ...names].join(", ");
}

function match(parts: readonly string[], path: string): Params | null {
  const given = path.split("/");
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    if (part === "*") {
      params["*"] = given.slice(i).join("/");
      return given.length > i ? params : null;
    }
    const value = given[i];
    if (value === undefined) return null;
    if (part.startsWith(":") && value !== "") params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return given.length === parts.length ? params : null;
}
