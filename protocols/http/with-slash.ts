import { percent } from "../../src/bytes/url.ts";
import type { Exchange } from "./exchange.ts";
import { empty, type Reply } from "./wire/reply.ts";

/**
 * Sends a browser on to a folder's own address, which is the one that was asked for with a `/` at its end, so that the links
 * in what it finds there lead into the folder. Relative, because a proxy may have taken a prefix off.
 */
export function withSlash({ head, search }: Exchange): Reply {
  const [path = ""] = head.target.split("?", 1);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const address = `./${name}/${search === "" ? "" : `?${search}`}`;
  return empty(301, {
    // What a person typed into curl may be bare UTF-8.
    Location: address.replace(/[\x80-\xff]/g, percent),
    // Browsers keep a 301 for good unless it says otherwise, and what is a folder now may be a file later.
    "Cache-Control": "no-cache",
  });
}
