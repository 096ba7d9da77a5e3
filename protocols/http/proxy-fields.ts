import { isLoopback } from "../../src/net/address.ts";
import { hostIn } from "./host-check.ts";
import type { RequestHead } from "./wire/request-head.ts";

/** What proxies and those who stand before whole sites add; and all `X-Forwarded-…`. */
const FIELDS = [
  "forwarded",
  "via",
  "x-real-ip",
  "x-client-ip",
  "cf-connecting-ip",
  "true-client-ip",
  "fastly-client-ip",
];

/**
 * Whether a proxy tells that it passes a request on, trusted or not: by a field, or by asking as the plain `proxy_pass` of
 * nginx did before 1.29.7, which speaks HTTP/1.1.
 */
export function saysPassedOn({ fields, minor }: Pick<RequestHead, "fields" | "minor">): boolean {
  if (FIELDS.some((name) => fields.has(name))) return true;
  for (const name of fields.keys()) if (name.startsWith("x-forwarded-")) return true;
  // Whoever speaks HTTP/1.0 ends its connections anyhow, and has no need to say so.
  return minor === 0 && fields.has("host") && fields.get("connection")?.toLowerCase() === "close";
}

/**
 * Whether a request that comes over the loopback may be one that a proxy there passes on for somebody else: the proxy tells,
 * or whoever asked has asked for another name than this machine's own users. Only the fields can be relied upon: a client
 * chooses its `Host`, and what tells nothing and asks for the loopback by HTTP/1.1 is taken for a client of its own.
 */
export function mayBePassedOn(head: Pick<RequestHead, "fields" | "minor">): boolean {
  if (saysPassedOn(head)) return true;
  const host = head.fields.get("host");
  if (host === undefined) return false;
  const name = hostIn(host) ?? "";
  return name !== "localhost" && !isLoopback(name);
}
