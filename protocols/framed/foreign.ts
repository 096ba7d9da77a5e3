import { mayBecomeProxyHeader, ONLY_FROM_PROXIES } from "../stray-proxy-header.ts";

/** Where else peers can be sent: the ports of the doors, in the clear or for TLS, null for those that are not open. */
export interface Ports {
  /** The page's address for who reached this machine at `host`; null: there is none. */
  pageFor(host: string): string | null;
  portOf(door: string, transport?: "tcp" | "tls"): number | null;
}

/** What a connection's first bytes are, when they are no frame. */
export interface Foreign {
  readonly name: string;
  /** The language in which its peer is answered. */
  readonly answer: "http" | "text" | "frame";
  /** What its owner, who reached this machine at `host`, should do, as the end of a sentence; null when nothing here helps. */
  help(ports: Ports, host: string): string | null;
}

interface Signature extends Foreign {
  /** The beginning, bytes as latin1. Four bytes must be enough, because the rest may come later. */
  readonly start: Pick<RegExp, "test">;
}

const inTerminal = (ports: Ports): string | null => {
  const port = ports.portOf("line");
  return port === null ? null : `to chat from a terminal use port ${port}, as in nc HOST ${port}`;
};

/** Sends a peer to the door that speaks its protocol, or to the terminal. */
function door(name: string, what: string): Foreign["help"] {
  return (ports) => {
    const port = ports.portOf(name);
    return port === null ? inTerminal(ports) : `${what} is on port ${port}`;
  };
}

function inBrowser(ports: Ports, host: string): string | null {
  const page = ports.pageFor(host);
  return page === null ? inTerminal(ports) : `the page is at ${page}`;
}

function overTls(ports: Ports): string {
  const port = ports.portOf("framed", "tls");
  return port === null ? "this port is plain: connect without TLS" : `frames over TLS are on port ${port}`;
}

const signatures: readonly Signature[] = [
  // RFC 9110, section 9, and the preface of HTTP/2 (RFC 9113, section 3.4).
  {
    name: "HTTP",
    answer: "http",
    start: /^(?:GET |HEAD|POST|PUT |DELE|OPTI|CONN|PATC|TRAC|PRI )/,
    help: inBrowser,
  },
  // RFC 8446, section 5.1: a handshake record of some version 3.
  { name: "TLS", answer: "frame", start: /^\x16\x03/, help: overTls },
  // RFC 4253, section 4.2.
  { name: "SSH", answer: "frame", start: /^SSH-/, help: inTerminal },
  { name: "a PROXY header", answer: "text", start: { test: mayBecomeProxyHeader }, help: () => ONLY_FROM_PROXIES },
  { name: "IRC", answer: "frame", start: /^(?:CAP |NICK|PASS|USER \S+ \S+ \S+ :)/, help: door("irc", "IRC") },
  { name: "FTP", answer: "frame", start: /^(?:USER|AUTH|FEAT|SYST|ACCT|QUIT|OPTS)/, help: door("ftp", "FTP") },
  // RFC 854: IAC and WILL, WONT, DO or DONT.
  { name: "telnet", answer: "frame", start: /^\xff[\xfb-\xfe]/, help: inTerminal },
  {
    name: "JSON without a header",
    answer: "text",
    start: /^[{[]\s*["{[\]}]/,
    help: () => "send its length in bytes before it",
  },
];

const plainText: Foreign = {
  name: "plain text",
  answer: "text",
  help(ports) {
    const uses = [
      [ports.portOf("line"), "chat"],
      [ports.portOf("echo"), "echo"],
    ].flatMap(([port, use]) => (port === null ? [] : `port ${port} (${use})`));
    return uses.length === 0 ? null : `plain text is for ${uses.join(" or ")}`;
  },
};

/** What the beginning of a connection is, if it is something else than a frame that can be told. */
export function foreignOf(head: Uint8Array): Foreign | null {
  const start = Buffer.from(head).toString("latin1");
  const known = signatures.find((signature) => signature.start.test(start));
  return known ?? (textOf(head) === null ? null : plainText);
}

const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

/** Bytes as the text that they are, a character that is cut at the end left out; null when they are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return text === "" || UNPRINTABLE.test(text) ? null : text;
  } catch {
    return null;
  }
}
