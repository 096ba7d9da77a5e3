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
 * Whether a proxy says that it passes this request on for somebody else, trusted or not. A proxy that adds nothing (nginx's
 * plain `proxy_pass`) cannot be told from a client of its own.
 */
export function wasPassedOn(fields: ReadonlyMap<string, string>): boolean {
  if (FIELDS.some((name) => fields.has(name))) return true;
  for (const name of fields.keys()) if (name.startsWith("x-forwarded-")) return true;
  return false;
}
