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
 * Whether a request that comes over the loopback may be one that a proxy there passes on for somebody else, trusted or not:
 * the proxy says so, or whoever asked has asked for another name than this machine's own users, or it is as nginx's plain
 * `proxy_pass` asks. What adds nothing and asks for the loopback by HTTP/1.1 cannot be told from a client.
 */
export function wasPassedOn({ fields, minor }: Pick<RequestHead, "fields" | "minor">): boolean {
  if (FIELDS.some((name) => fields.has(name))) return true;
  for (const name of fields.keys()) if (name.startsWith("x-forwarded-")) return true;
  const host = fields.get("host");
  if (host === undefined) return false;
  // Whoever speaks HTTP/1.0 ends its connections anyhow, and has no need to say so.
  if (minor === 0 && fields.get("connection")?.toLowerCase() === "close") return true;
  const name = hostIn(host) ?? "";
  return name !== "localhost" && !isLoopback(name);
}
