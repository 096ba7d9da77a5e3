import ipaddr from "ipaddr.js";
import { quote } from "../bytes/text.ts";
import type { Connection } from "./protocol.ts";

/** One end of a connection or the source of a datagram. `port` is 0 and `host` the socket's path on a Unix socket. */
export interface Address {
  readonly family: "ipv4" | "ipv6" | "unix";
  readonly host: string;
  readonly port: number;
}

/** The address of a socket's end as Bun tells it; Bun tells nothing of a Unix socket. */
export function socketAddress(host: string, port: number): Address {
  if (host === "") return { family: "unix", host, port: 0 };
  return { family: host.includes(":") ? "ipv6" : "ipv4", host, port };
}

/**
 * 127.0.0.0/8, ::1, and 127.0.0.0/8 as IPv4-mapped IPv6. Anything that is not an address is not loopback: the name
 * `127.example.org` may stand for any machine.
 */
export function isLoopback(host: string): boolean {
  if (host === "127.0.0.1" || host === "::1") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
}

/** The same text for the same host: an IPv4 address that is mapped into IPv6 as IPv4. */
export function plainHost(host: string): string {
  return host.includes(":") && ipaddr.isValid(host) ? ipaddr.process(host).toString() : host;
}

/** The address of a socket's peer; "" on a Unix socket, and of who has reset the connection already. */
export function peerHost(socket: { readonly remoteAddress?: string }): string {
  return plainHost(socket.remoteAddress ?? "");
}

/**
 * What counts as one peer for limits: an IPv4 address as it is (also when mapped into IPv6), an IPv6 address by its /64,
 * because that is what one subscriber is given and may choose from freely.
 */
export function addressKey(host: string): string {
  if (!host.includes(":")) return host;
  if (!ipaddr.isValid(host)) return host;
  const address = ipaddr.process(host);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

/**
 * A peer's address as limits count it. What a proxy calls the loopback is the proxy's: nobody there has what this
 * machine's own users may, so it is another peer than they are.
 */
export function countedHost(host: string, isProxied: boolean): string {
  return isProxied && isLoopback(host) ? `proxied ${host}` : host;
}

/** Whether a peer is on this machine: on the loopback or a Unix socket, and not through a proxy. */
export function isLocal({ remote, proxied }: Pick<Connection, "remote" | "proxied">): boolean {
  return proxied === null && (remote.family === "unix" || isLoopback(remote.host));
}

/** `127.0.0.1:80`, `[::1]:80`, `unix:/run/x.sock`. */
export function formatAddress(address: Address): string {
  if (address.family === "unix") return `unix:${address.host}`;
  return address.family === "ipv6" ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/**
 * Whose flood limit a connection draws on: the peer's address, so that a second connection or another door is no way
 * around it. On the loopback and on Unix sockets everybody has the same address, so there it is the connection itself.
 */
export function floodKey(conn: Connection): string | object {
  return isLocal(conn) ? conn : addressKey(countedHost(conn.remote.host, conn.proxied !== null));
}

/** Where a client command connects to. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST`, `HOST:PORT`, `[v6]:PORT`, `[v6]` or a bare IPv6 address.
 * @throws Error with one sentence for people when it is none of them
 */
export function parseTarget(text: string, defaultPort: number): Target {
  const wrong = (what: string) => new Error(`${what} in ${quote(text)}; try HOST, HOST:PORT or [IPv6]:PORT`);
  if (ipaddr.IPv6.isValid(text)) return { host: text, port: defaultPort };
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(text);
  if (!parts) throw wrong("cannot tell host and port apart");
  const [, bracketed, plain, portText] = parts;
  if (bracketed !== undefined && !ipaddr.IPv6.isValid(bracketed))
    throw wrong(`${quote(bracketed)} is not an IPv6 address`);
  const host = bracketed ?? plain ?? "";
  if (host === "" || /[\s/@]/.test(host)) throw wrong("there is no host name");
  if (portText === undefined) return { host, port: defaultPort };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) throw wrong(`${quote(portText)} is not a port`);
  return { host, port };
}
