import { isProxyHeader, ONLY_FROM_PROXIES } from "../stray-proxy-header.ts";

/** Where else peers can be sent: the port of a door, in the clear or for TLS; null when it is not open. */
type PortOf = (door: string, transport?: "tcp" | "tls") => number | null;

interface Signature {
  /** The beginning of what came, bytes as latin1. */
  readonly start: RegExp;
  readonly name: string;
  readonly door: string;
  readonly transport?: "tls";
}

const signatures: readonly Signature[] = [
  // RFC 8446, section 5.1: a handshake record of some version 3.
  { start: /^\x16\x03/, name: "TLS", door: "http", transport: "tls" },
  { start: /^(?:CAP |NICK |PASS |USER \S+ \S+ \S+ :)/i, name: "IRC", door: "irc" },
  { start: /^(?:USER|AUTH|FEAT|SYST|ACCT|QUIT|OPTS)\b/i, name: "FTP", door: "ftp" },
  { start: /^\0/, name: "a frame", door: "framed" },
  // RFC 854: IAC and WILL, WONT, DO or DONT; or a line that somebody typed.
  { start: /^(?:\xff[\xfb-\xfe]|[^\0-\x1f]+(?:[\r\n]|$))/, name: "plain text", door: "line" },
];

/** For who speaks something else than HTTP: what that seems to be, and on which port it is understood. Null: nobody knows. */
export function helpForForeign(beginning: string, portOf: PortOf): string | null {
  if (isProxyHeader(beginning)) return ONLY_FROM_PROXIES;
  const found = signatures.find(({ start }) => start.test(beginning));
  if (found === undefined) return null;
  const port = portOf(found.door, found.transport);
  return port === null ? null : `that looks like ${found.name}, which is spoken on port ${port}`;
}
