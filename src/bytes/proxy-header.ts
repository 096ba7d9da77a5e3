import { ProtocolError } from "./decoder.ts";
import type { ProxiedPeer, ProxyHeaderEnd } from "./proxied-peer.ts";
import { readProxyV1, V1_SIGNATURE } from "./proxy-v1.ts";
import { readProxyV2, V2_SIGNATURE } from "./proxy-v2.ts";

/** What a connection from a proxy begins with. */
export interface Introduced {
  /** Null: nobody else is told of, so the peer is whoever has connected. */
  readonly peer: ProxiedPeer | null;
  /** What came behind the header, or all that came where there is none. */
  readonly rest: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * The header of the PROXY protocol that a connection may begin with, in version 1 (a line of text) or 2 (binary)
 * (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt, section 2). What does not begin with the signature of
 * either is no header, and is handed on as it is.
 */
export class ProxyHeader {
  private held: Uint8Array = NOTHING;

  get buffered(): number {
    return this.held.length;
  }

  /** The signature has come: this is a header, and it must be completed. */
  get begun(): boolean {
    return startsWith(this.held, V1_SIGNATURE) || startsWith(this.held, V2_SIGNATURE);
  }

  /** What the bytes so far say; null while that is not decided. Not to be pushed to again afterwards. @throws ProtocolError */
  push(chunk: Uint8Array): Introduced | null {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.held = bytes;
    if (mayBecome(bytes, V1_SIGNATURE) || mayBecome(bytes, V2_SIGNATURE)) return null;
    const end = this.read(bytes);
    if (end === null) return null;
    this.held = NOTHING;
    return { peer: end.peer, rest: bytes.subarray(end.length) };
  }

  /**
   * The peer sends no more, or none for so long that there is no header: what came is its own.
   * @throws ProtocolError in the middle of a header
   */
  giveUp(): Uint8Array {
    const { held, begun } = this;
    if (begun) throw new ProtocolError(`the PROXY header was cut off after ${held.length} bytes`);
    this.held = NOTHING;
    return held;
  }

  private read(bytes: Uint8Array): ProxyHeaderEnd | null {
    if (startsWith(bytes, V1_SIGNATURE)) return readProxyV1(bytes);
    if (startsWith(bytes, V2_SIGNATURE)) return readProxyV2(bytes);
    return { peer: null, length: 0 };
  }
}

function startsWith(bytes: Uint8Array, signature: Uint8Array): boolean {
  return bytes.length >= signature.length && signature.every((byte, at) => bytes[at] === byte);
}

/** Whether it is the beginning of the signature, and not all of it. */
function mayBecome(bytes: Uint8Array, signature: Uint8Array): boolean {
  return bytes.length < signature.length && bytes.every((byte, at) => signature[at] === byte);
}
