import { encodePart } from "../../src/bytes/url.ts";
import type { Exchange } from "./exchange.ts";
import { empty, type Reply } from "./wire/reply.ts";

/**
 * Sends a browser on to a folder's own address, which ends in `/`, so that the links in what it finds there lead into the
 * folder. Relative, because a proxy may have taken a prefix off.
 */
export function withSlash({ search }: Exchange, name: string): Reply {
  return empty(301, { Location: `./${encodePart(name)}/${search === "" ? "" : `?${search}`}` });
}
