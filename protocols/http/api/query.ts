import { quote } from "../../../src/bytes/text.ts";
import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";

const WHOLE = /^\d{1,15}$/;

/** A whole number of the query, from `least` on; absent when it is not there. @throws HttpError 400 */
export function wholeNumber<N extends string>(
  { query }: Exchange,
  name: N,
  least: number,
): { readonly [K in N]?: number } {
  const given = query.get(name);
  if (given === null || given === "") return {};
  if (!WHOLE.test(given) || Number(given) < least)
    throw new HttpError(400, "bad-request", `${quote(given)} is no ${name}; send a whole number from ${least} on`);
  return { [name]: Number(given) } as { readonly [K in N]?: number };
}

/** Part of a path, decoded once. @throws HttpError 400 */
export function decodePart(part: string): string {
  try {
    // What a person types into curl comes as bare UTF-8.
    return decodeURIComponent(Buffer.from(part, "latin1").toString("utf8"));
  } catch {
    throw new HttpError(400, "bad-request", `${quote(part)} is not UTF-8 with % and two hex digits for each odd byte`);
  }
}
