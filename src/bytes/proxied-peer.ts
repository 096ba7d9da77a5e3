/** What a proxy says of the peer whose bytes it passes on. */
export interface ProxiedPeer {
  /** Where the peer is connected from; null where the proxy does not say: it does not know, or it is a Unix socket there. */
  readonly source: { readonly host: string; readonly port: number } | null;
  /** Whether the peer's own connection to the proxy is encrypted, as far as the proxy says. */
  readonly encrypted: boolean;
}

/** A whole header of the PROXY protocol: its length in bytes, and what it says. */
export interface ProxyHeaderEnd {
  /** Null: nobody else is told of, so the peer is whoever has connected. */
  readonly peer: ProxiedPeer | null;
  readonly length: number;
}

/**
 * The usual way to write an IPv6 address (RFC 5952), out of any way to write it; null when it is none. A zone, which
 * would be one of the proxy's, makes it none.
 */
export function ipv6Text(text: string): string | null {
  if (!/^[0-9A-Fa-f:.]+$/.test(text)) return null;
  return URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? null;
}
