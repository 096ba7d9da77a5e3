/** A protocol that somebody spoke to the wrong port. */
export interface Foreign {
  /** "HTTP" */
  readonly name: string;
  /** The door that speaks it. */
  readonly door: string | null;
}

/** One way to begin a conversation. */
interface Beginning extends Foreign {
  /** Tested against the first bytes, read as latin1; they may be as few as a header has. */
  readonly begins: RegExp;
}

const beginnings: readonly Beginning[] = [
  // RFC 9112, section 3: a method and a space. Four bytes must do, when no more have come.
  {
    name: "HTTP",
    door: "http",
    begins:
      /^(?:GET |HEAD(?: |$)|POST(?: |$)|PUT |DELE(?:TE |TE?$|$)|OPTI(?:ONS |$)|PATC(?:H |$)|CONN(?:ECT |$)|TRAC(?:E |$)|PRI )/,
  },
  // RFC 8446, section 5.1: a handshake record.
  { name: "TLS", door: null, begins: /^\x16\x03/ },
  // RFC 4253, section 4.2.
  { name: "SSH", door: null, begins: /^SSH-/ },
  // RFC 2812, section 3.1: USER has four parameters; FTP's has one (RFC 959).
  { name: "IRC", door: "irc", begins: /^(?:NICK|CAP |PASS|JOIN|USER \S+ \S+ \S+ )/ },
  { name: "FTP", door: "ftp", begins: /^(?:USER|FEAT|AUTH|SYST|OPTS|PASV|EPSV)/ },
];

const plainText: Foreign = { name: "plain text", door: "line" };
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** What the first bytes of a connection look like; null when they look like nothing in particular. */
export function recognise(head: Uint8Array): Foreign | null {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString("latin1");
  return beginnings.find(({ begins }) => begins.test(text)) ?? (isText(head) ? plainText : null);
}

/** What people type, in any language: UTF-8 (which may be cut off at the end) without control characters but line ends. */
function isText(head: Uint8Array): boolean {
  try {
    return !CONTROLS.test(new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }));
  } catch {
    return false;
  }
}
