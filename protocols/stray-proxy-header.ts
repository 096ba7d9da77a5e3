/** What came, for the log, where the PROXY protocol is not taken: the operator may have forgotten to name the proxy. */
export const STRAY_PROXY_HEADER = "a PROXY header from an address that --trust-proxy does not name";

/** The same for who sent it, which most often is a client of that proxy. */
export const ONLY_FROM_PROXIES = "a PROXY header is taken only from the proxies that --trust-proxy names";

const EMPTY_LINES = "\r\n\r\n";
/** What one begins with, of either version, in latin1 (proxy-protocol.txt, sections 2.1 and 2.2). */
const BEGINNINGS = ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN", `${EMPTY_LINES}\0\r\nQUIT\n`] as const;

/** Whether a peer begins with one, bytes as latin1; who skips empty lines may have taken them off already. */
export function isProxyHeader(start: string): boolean {
  return BEGINNINGS.some((beginning) => start.startsWith(beginning) || `${EMPTY_LINES}${start}`.startsWith(beginning));
}

/** The same for who must tell by the first four bytes, since the rest may come later. */
export function mayBecomeProxyHeader(start: string): boolean {
  return isProxyHeader(start) || (start.length >= 4 && BEGINNINGS.some((beginning) => beginning.startsWith(start)));
}
