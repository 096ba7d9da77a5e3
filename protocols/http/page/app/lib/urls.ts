import { encodePath } from "../../../../../src/bytes/url.ts";

/** `ws://…/ws` for `http://…/`, `wss` for `https`. */
export function socketUrl(root: string): string {
  return `${root.replace(/^http/, "ws")}ws`;
}

/** The same place over TLS: the page's address with https and that port. */
export function secureUrl(root: string, port: number): string {
  const url = new URL(root);
  url.protocol = "https:";
  url.port = String(port);
  return url.href;
}

/** Whether an address is one of the machine that uses it, whoever that is. */
export function isLoopback(root: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(root).hostname);
}

/**
 * The page's root as others can use it: its own, but where that is a loopback one of this server's `addresses`, by the
 * same scheme if possible.
 */
export function rootForOthers(root: string, addresses: readonly string[] | null): string {
  if (!isLoopback(root)) return root;
  const { protocol } = new URL(root);
  return addresses?.find((address) => address.startsWith(protocol)) ?? addresses?.[0] ?? root;
}

/** A path of the share (`/photos/a.jpg`, a folder with a slash at its end) as a URL. */
export function fileUrl(root: string, path: string): string {
  return `${root}files${encodePath(path)}`;
}
