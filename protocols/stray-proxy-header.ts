/** What came, for the log, where the PROXY protocol is not taken: the operator may have forgotten to name the proxy. */
export const STRAY_PROXY_HEADER = "a PROXY header from an address that --trust-proxy does not name";

/** The same for who sent it, which most often is a client of that proxy. */
export const ONLY_FROM_PROXIES = "a PROXY header is taken only from the proxies that --trust-proxy names";

/** The beginning of one, of either version, in latin1 (proxy-protocol.txt, sections 2.1 and 2.2). */
export const PROXY_HEADER = /^(?:PROXY (?:TCP4|TCP6|UNKNOWN)\b|\r\n\r\n\0\r\nQUIT\n)/;
