import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { json } from "../wire/reply.ts";

/** What an operator looks at. */
export function statusRoutes(host: HttpHost): readonly Route[] {
  return [{ path: "/api/status", operator: true, methods: { GET: () => json(host.status()) } }];
}
