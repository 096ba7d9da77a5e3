import { jsonOf, type Row, text } from "../row.ts";

const plain = { type: "text/plain", schema: text };
const operator = { 401: ["login-needed", "bad-login"], 403: ["denied"] };
const ONLY = "For the loopback and accounts that may admin.";

/** How the server is. */
export const operationRows: readonly Row[] = [
  {
    path: "/api/status",
    method: "GET",
    id: "status",
    tag: "Operations",
    does: "What `tincan status --json` says",
    more: ONLY,
    answers: { 200: { says: "The status", body: jsonOf("Status") } },
    errors: operator,
    curl: "curl BASE/api/status",
  },
  {
    path: "/api/transfers",
    method: "GET",
    id: "transfers",
    tag: "Operations",
    does: "The transfers that run, through whatever door",
    more: ONLY,
    answers: { 200: { says: "A thousand at most", body: jsonOf("Transfers") } },
    errors: operator,
    curl: "curl BASE/api/transfers",
  },
  {
    path: "/metrics",
    method: "GET",
    id: "metrics",
    tag: "Operations",
    does: "All that is measured, for Prometheus",
    more: `${ONLY} Names begin with tincan_; no label tells a name, a path or an address.`,
    answers: { 200: { says: "The exposition format", body: plain } },
    errors: operator,
    curl: "curl BASE/metrics",
  },
  {
    path: "/healthz",
    method: "GET",
    id: "health",
    tag: "Operations",
    does: "Whether the server answers",
    answers: { 200: { says: "ok", body: plain } },
    curl: "curl BASE/healthz",
  },
  {
    path: "/readyz",
    method: "GET",
    id: "ready",
    tag: "Operations",
    does: "Whether new peers are welcome",
    more: "Not while the server drains, nor when 95 % of its connections or descriptors are taken.",
    answers: { 200: { says: "ok", body: plain } },
    errors: { 503: ["not-ready"] },
    curl: "curl -f BASE/readyz",
  },
  {
    path: "/api",
    method: "GET",
    id: "page",
    tag: "Operations",
    does: "This description as a page",
    answers: { 200: { says: "A page", body: { type: "text/html", schema: text } } },
    curl: "curl BASE/api",
  },
  {
    path: "/api/openapi.json",
    method: "GET",
    id: "openapi",
    tag: "Operations",
    does: "This description for programs",
    answers: { 200: { says: "OpenAPI 3.1", body: jsonOf({ type: "object" }) } },
    curl: "curl BASE/api/openapi.json",
  },
];
