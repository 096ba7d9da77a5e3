import { isProxyHeader, ONLY_FROM_PROXIES, STRAY_PROXY_HEADER } from "../stray-proxy-header.ts";

/** How somebody is answered who came to the chat port with another protocol. */
export interface Stranger {
  /** For the log. */
  readonly detail: string;
  /** In the stranger's own language, where that can say it; for who reached this machine at `host`. */
  answer(ports: Ports, host: string): Uint8Array;
}

/** Where strangers can be sent; null for what is not open. */
interface Ports {
  portOf(door: string): number | null;
  pageFor(host: string): string | null;
}

/** Bytes of a connection's beginning that tell what it is when no line does. */
export const HEAD_LENGTH = 16;

const encoder = new TextEncoder();
const HERE = "this port is tincan's chat, and speaks plain lines of text";

/** RFC 9112, section 3: `GET / HTTP/1.1`; of a request that is cut short only the start, because chat says GET too. */
const REQUEST_LINE = /^[A-Z]+ \S.* HTTP\/\d/;
const REQUEST_START = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE) (?:\/|\*|[a-z]+:\/\/)/;
/** RFC 4253, section 4.2. */
const SSH_BANNER = /^SSH-\d\.\d+-/;
/** What IRC clients begin with. A password must not be said to the room. */
const IRC_START = /^(?:CAP (?:LS|REQ)\b|PASS \S+$|NICK \S+$|USER \S+ \S+ \S+ :)/;
/** RFC 8446, section 5.1: a handshake record of some version 3. */
const TLS_HANDSHAKE = /^\x16\x03/;

const http: Stranger = {
  detail: "an HTTP request on the chat port",
  answer(ports, host) {
    const page = ports.pageFor(host);
    const body = `${HERE}, not HTTP\nin a terminal: nc HOST PORT${page === null ? "" : `\nthe page is at ${page}`}\n`;
    const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    return encoder.encode(head + body);
  },
};

const irc: Stranger = {
  detail: "an IRC client on the chat port",
  answer(ports) {
    const port = ports.portOf("irc");
    const where = port === null ? "" : `; IRC is on port ${port}`;
    return encoder.encode(`ERROR :${HERE}, not IRC${where} (type /nick NAME to take a name)\r\n`);
  },
};

const ssh: Stranger = {
  detail: "an SSH client on the chat port",
  answer: () => encoder.encode(`-- ${HERE}, not SSH\r\n`),
};

const tls: Stranger = {
  detail: "a TLS handshake on the plain chat port",
  // A fatal alert, handshake_failure (RFC 8446, section 6): whatever else is sent is shown as a bad record.
  answer: () => Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28),
};

const binary: Stranger = {
  detail: "binary data on the chat port",
  answer: () => encoder.encode(`-- ${HERE}; this was binary\r\n`),
};

/** Said to the room, it would tell everybody the address of a client. */
const proxy: Stranger = {
  detail: STRAY_PROXY_HEADER,
  answer: () => encoder.encode(`-- ${ONLY_FROM_PROXIES}\r\n`),
};

/** Who speaks like this in the first line, or in the start of one that was too long; null for somebody who chats. */
export function strangerByLine(line: string): Stranger | null {
  if (REQUEST_LINE.test(line) || REQUEST_START.test(line)) return http;
  if (IRC_START.test(line)) return irc;
  if (SSH_BANNER.test(line)) return ssh;
  if (isProxyHeader(line)) return proxy;
  return line.includes("\0") ? binary : null;
}

/** Who begins with these bytes (as latin1), which need not hold a line end. */
export function strangerByHead(head: string): Stranger | null {
  if (isProxyHeader(head)) return proxy;
  return TLS_HANDSHAKE.test(head) ? tls : null;
}
