import { isLoopback, plainHost } from "./address.ts";
import type { Connection } from "./protocol.ts";

/** Of who comes by a proxy of this machine nobody knows at which address it has reached that; any may be right. */
const ANY = "0.0.0.0";

/** At which address of this machine a peer has reached it; "" on a Unix socket, and a wildcard where nobody knows. */
export function reachedAt({ local, proxied }: Pick<Connection, "local" | "proxied">): string {
  if (local.family === "unix") return "";
  const host = plainHost(local.host);
  return proxied && isLoopback(host) ? ANY : host;
}
