import { ProtocolError } from "./decoder.ts";
import { ipv6Text, type ProxyHeaderEnd } from "./proxied-peer.ts";
import { quote } from "./text.ts";

export const V1_SIGNATURE: Uint8Array = Buffer.from("PROXY ");
/** With the CR LF at its end: the longest one there can be is `PROXY UNKNOWN` with two IPv6 addresses and ports. */
const LONGEST = 107;
const LF = 10;

/**
 * The header of version 1, a line such as `PROXY TCP4 203.0.113.9 10.0.0.2 51234 8423` with CR LF; null while there is no
 * end of it (proxy-protocol.txt, section 2.1).
 * @throws ProtocolError
 */
export function readProxyV1(bytes: Uint8Array): ProxyHeaderEnd | null {
  const end = bytes.subarray(0, LONGEST).indexOf(LF);
  if (end === -1) {
    if (bytes.length < LONGEST) return null;
    throw new ProtocolError(`a PROXY header of version 1 has at most ${LONGEST} bytes, and this one goes on`);
  }
  const line = Buffer.from(bytes.subarray(0, end)).toString("latin1");
  if (!line.endsWith("\r")) throw wrong(line, "it must end with CR LF");
  return { peer: readLine(line.slice(0, -1)), length: end + 1 };
}

function readLine(line: string): ProxyHeaderEnd["peer"] {
  const [, family = "", ...rest] = line.split(" ");
  // What stands behind UNKNOWN is to be ignored.
  if (family === "UNKNOWN") return { source: null, encrypted: false };
  const address = READERS.get(family);
  if (address === undefined) throw wrong(line, "TCP4, TCP6 or UNKNOWN comes behind PROXY");
  const [from = "", to = "", fromPort = "", toPort = ""] = rest;
  const host = address(from);
  if (rest.length !== 4 || host === null || address(to) === null)
    throw wrong(line, `two addresses of ${family} and two ports must follow`);
  if (!isPort(fromPort) || !isPort(toPort)) throw wrong(line, "a port is a number up to 65535");
  return { source: { host, port: Number(fromPort) }, encrypted: false };
}

/** How an address of each family is read. */
const READERS: ReadonlyMap<string, (text: string) => string | null> = new Map([
  ["TCP4", (text: string) => (isIpv4(text) ? text : null)],
  ["TCP6", ipv6Text],
]);

/** Four decimal numbers, without a zero before them, which some would read as octal. */
function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

function wrong(line: string, rule: string): ProtocolError {
  return new ProtocolError(`the PROXY header ${quote(line, LONGEST)} is wrong: ${rule}`);
}
