import { ProtocolError } from "./decoder.ts";
import { ipv6Text, type ProxiedPeer, type ProxyHeaderEnd } from "./proxied-peer.ts";

export const V2_SIGNATURE: Uint8Array = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
/** The signature, version and command, family and protocol, and the length of what follows. */
const FIXED = 16;
/** HAProxy reads and writes a header within one buffer, which has 16 KiB. The format could say 64. */
const LONGEST = 16 * 1024;
const VERSION = 2;
const COMMAND = { local: 0, proxy: 1 } as const;
/** PP2_TYPE_SSL, and in its first byte PP2_CLIENT_SSL: the client is connected to the proxy over TLS (section 2.2.6). */
const TYPE_SSL = 0x20;
const CLIENT_SSL = 1;

/** What stands in the addresses of one family: how long they are, and the source in them. */
interface Family {
  readonly length: number;
  source(bytes: Buffer): ProxiedPeer["source"];
}

/** By the byte that says family and protocol: a stream or datagrams, which does not matter here. All others are invalid. */
const FAMILIES: ReadonlyMap<number, Family> = new Map(
  [
    [0x10, { length: 12, source: ipv4 }] as const,
    [0x20, { length: 36, source: ipv6 }] as const,
    [0x30, { length: 216, source: () => null }] as const,
  ].flatMap(([family, reader]) => [[family | 1, reader] as const, [family | 2, reader] as const]),
);
const UNSPECIFIED = 0;

/**
 * The header of version 2; null while it is not complete (proxy-protocol.txt, section 2.2). Of the values behind the
 * addresses that about TLS is read, and the others are skipped.
 * @throws ProtocolError
 */
export function readProxyV2(bytes: Uint8Array): ProxyHeaderEnd | null {
  if (bytes.length < FIXED) return null;
  const head = asBuffer(bytes);
  const version = head[12]! >> 4;
  const command = head[12]! & 15;
  const rest = head.readUInt16BE(14);
  if (version !== VERSION) throw new ProtocolError(`a PROXY header of version ${version} is not known`);
  if (command !== COMMAND.local && command !== COMMAND.proxy)
    throw new ProtocolError(`a PROXY header has the command ${command}, which is neither LOCAL nor PROXY`);
  if (FIXED + rest > LONGEST)
    throw new ProtocolError(`a PROXY header says ${rest} bytes follow, and at most ${LONGEST - FIXED} are taken`);
  if (bytes.length < FIXED + rest) return null;
  const length = FIXED + rest;
  // A connection of the proxy's own, to see whether the server lives. All else in the header is to be ignored.
  if (command === COMMAND.local) return { peer: null, length };
  return { peer: readPeer(head[13]!, head.subarray(FIXED, length)), length };
}

function readPeer(kind: number, bytes: Buffer): ProxiedPeer {
  if (kind === UNSPECIFIED) return { source: null, encrypted: false };
  const family = FAMILIES.get(kind);
  if (family === undefined) {
    const shown = kind.toString(16).padStart(2, "0");
    throw new ProtocolError(`a PROXY header has addresses of the kind 0x${shown}, which there is not`);
  }
  if (bytes.length < family.length)
    throw new ProtocolError(`a PROXY header has ${bytes.length} bytes of the ${family.length} that its addresses need`);
  return { source: family.source(bytes), encrypted: saysTls(bytes.subarray(family.length)) };
}

/** Goes through values that have a type, a length and so many bytes each. */
function saysTls(values: Buffer): boolean {
  let tls = false;
  for (let at = 0; at < values.length; ) {
    const begin = at + 3;
    const end = begin <= values.length ? begin + values.readUInt16BE(at + 1) : begin;
    if (end > values.length) throw new ProtocolError("a PROXY header ends in the middle of one of its values");
    if (values[at] === TYPE_SSL && end > begin && (values[begin]! & CLIENT_SSL) !== 0) tls = true;
    at = end;
  }
  return tls;
}

function ipv4(bytes: Buffer): ProxiedPeer["source"] {
  return { host: bytes.subarray(0, 4).join("."), port: bytes.readUInt16BE(8) };
}

function ipv6(bytes: Buffer): ProxiedPeer["source"] {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  const text = groups.join(":");
  return { host: ipv6Text(text) ?? text, port: bytes.readUInt16BE(32) };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
