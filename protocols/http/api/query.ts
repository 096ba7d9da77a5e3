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
