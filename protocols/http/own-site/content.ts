import type { Exchange } from "../exchange.ts";
import { isText } from "../files/content-type.ts";
import type { ReplyFields } from "../wire/reply.ts";

/** Types of text that a charset is said of; those of XML say theirs in themselves. */
const IN_UTF8 = /^text\/|^application\/(?:json|manifest\+json|ld\+json)$/;

/**
 * What is said of a file of the operator's own site: nothing keeps it from running. Browsers ask each time whether it has
 * changed, so that who edits the site sees it at once.
 */
export function describeOwn(_: Exchange, path: string): ReplyFields {
  return { "Content-Type": typeOf(path), "Cache-Control": "no-cache" };
}

function typeOf(path: string): string {
  const [known = ""] = Bun.file(path).type.split(";");
  const type = known === "application/octet-stream" && isText(path) ? "text/plain" : known;
  return IN_UTF8.test(type) ? `${type}; charset=utf-8` : type;
}
