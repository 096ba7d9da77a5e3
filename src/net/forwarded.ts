import ipaddr from "ipaddr.js";
import { fromTheRight, readElement } from "./forwarded-element.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** Header fields by their names in lower case, those of one name joined by commas: a Map or `Headers`. */
export interface HeaderFields {
  get(name: string): string | null | undefined;
}

/** Whose request it is. */
export interface ForwardedPeer {
  /** The client's address, as far as trusted proxies tell it; else that of who has connected. */
  readonly host: string;
  /** A proxy has told it: the client is not on this machine, whatever the address says (`countedHost` of address.ts). */
  readonly proxied: boolean;
  /** The client speaks TLS with the first proxy. What this server's own connection is, the door knows. */
  readonly encrypted: boolean;
  /** The Host that the client has asked the first proxy for, where that is told. */
  readonly hostHeader?: string;
}

/** What one proxy has told of its own peer. */
interface Hop {
  /** Null: the proxy does not know or say, or what stands there is no address. */
  readonly host: string | null;
  readonly proto: string | undefined;
  readonly hostHeader: string | undefined;
}

/** More proxies in a row are not gone through; each costs a look at all that are trusted. */
const MOST_HOPS = 32;

/**
 * Who has made a request, by `X-Forwarded-For`, `-Proto` and `-Host`, or by `Forwarded` (RFC 7239), whose last element
 * was added by who is connected. From there on each element is believed as long as a trusted proxy has written it; what
 * a client wrote before them is not read. From an address that is not trusted nothing is believed.
 *
 * Where both are there the former counts: nearly all proxies write it, and pass on a `Forwarded` that a client made up.
 */
export function forwardedPeer(headers: HeaderFields, socketHost: string, trusted: TrustedProxies): ForwardedPeer {
  const direct = { host: socketHost, proxied: false, encrypted: false };
  if (!trusted.trusts(socketHost)) return direct;
  const forwardedFor = headers.get("x-forwarded-for") ?? null;
  const forwarded = headers.get("forwarded") ?? null;
  if (forwardedFor !== null) return walk(usualHops(forwardedFor, headers), socketHost, trusted);
  if (forwarded !== null) return walk(standardHops(forwarded), socketHost, trusted);
  return direct;
}

function walk(hops: Iterable<Hop>, socketHost: string, trusted: TrustedProxies): ForwardedPeer {
  let host = socketHost;
  let last: Hop | null = null;
  let count = 0;
  for (const hop of hops) {
    last = hop;
    if (hop.host === null) break;
    host = hop.host;
    if (++count === MOST_HOPS || !trusted.trusts(host)) break;
  }
  const hostHeader = hostOf(last?.hostHeader);
  const encrypted = /^(?:https|wss)$/i.test(last?.proto ?? "");
  return { host, proxied: true, encrypted, ...(hostHeader === null ? {} : { hostHeader }) };
}

function* usualHops(forwardedFor: string, headers: HeaderFields): Generator<Hop> {
  const protos = listOf(headers.get("x-forwarded-proto"));
  const hosts = listOf(headers.get("x-forwarded-host"));
  let at = 0;
  for (const text of fromTheRight(forwardedFor)) {
    // Some proxies add to these lists, others keep or replace the one value.
    yield { host: addressOf(text), proto: protos[at] ?? protos.at(-1), hostHeader: hosts[at] ?? hosts.at(-1) };
    at++;
  }
}

/** The last so many of a list, from the right. */
function listOf(header: string | null | undefined): readonly string[] {
  return header == null ? [] : [...fromTheRight(header).take(MOST_HOPS)];
}

function* standardHops(forwarded: string): Generator<Hop> {
  for (const text of fromTheRight(forwarded)) {
    const element = readElement(text);
    const host = addressOf(element?.get("for") ?? "");
    yield { host, proto: element?.get("proto"), hostHeader: element?.get("host") };
  }
}

/** The address of a node (RFC 7239, section 6), also where IPv6 stands without brackets; `unknown` and `_names` have none. */
function addressOf(node: string): string | null {
  const [, v4, bracketed] = /^(?:([\d.]+)|\[([\dA-Fa-f:.]+)\])(?::[\w.-]*)?$/.exec(node) ?? [];
  if (v4 !== undefined) return ipaddr.IPv4.isValidFourPartDecimal(v4) ? v4 : null;
  const v6 = bracketed ?? (/^[\dA-Fa-f:.]+$/.test(node) ? node : "");
  return ipaddr.IPv6.isValid(v6) ? ipaddr.process(v6).toString() : null;
}

/** A name or address with or without a port; null for anything else, which could not be a Host. */
function hostOf(text: string | undefined): string | null {
  return text !== undefined && /^(?:[\w.-]{1,253}|\[[\dA-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.test(text) ? text : null;
}
