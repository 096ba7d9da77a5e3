import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { HttpError } from "../wire/http-error.ts";
import { json, plain, type Reply } from "../wire/reply.ts";

const NEVER_KEPT = { "Cache-Control": "no-store" };
/** The format that every version of Prometheus reads. */
const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What operators look at, and what balancers ask. */
export function operationRoutes({ operations }: HttpHost): readonly Route[] {
  const ready = (x: Exchange): Reply => {
    const why = operations.notReady();
    if (why === null) return ok(x);
    throw new HttpError(503, "not-ready", why, NEVER_KEPT);
  };

  const metrics = async (): Promise<Reply> =>
    plain(await operations.metrics(), 200, { ...NEVER_KEPT, "Content-Type": METRICS_TYPE });

  return [
    { path: "/healthz", methods: { GET: ok } },
    { path: "/readyz", methods: { GET: ready } },
    { path: "/metrics", operator: true, methods: { GET: metrics } },
    { path: "/api/status", operator: true, methods: { GET: () => json(operations.status()) } },
    { path: "/api/transfers", operator: true, methods: { GET: () => json({ transfers: operations.transfers() }) } },
  ];
}

function ok(_: Exchange): Reply {
  return { ...plain("ok\n", 200, NEVER_KEPT), watching: true };
}
