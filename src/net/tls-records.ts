import { nobody, type SocketEvents } from "./bun-socket.ts";

/** RFC 8446, section 5.1: a record is its type, a version and a length of two bytes each, and the content. */
const HEADER = 5;
const ALERT = 21;
const APPLICATION_DATA = 23;
/** What TLS 1.3 adds to a content: the byte of its true type and the tag of an AEAD (section 5.2). */
const OVERHEAD = 17;
/** An alert is two bytes (section 6). */
const ENCRYPTED_ALERT = 2 + OVERHEAD;

/**
 * Looks at the ciphertext that a TLS peer sends, to tell an end that the peer meant from one that the network made: who
 * has sent all sends `close_notify` before it closes (RFC 8446, section 6.1), who was cut off does not. Measured: Bun
 * reports both as the same `end`, but hands the ciphertext to the socket that was upgraded.
 *
 * In TLS 1.2 an alert says that it is one. In TLS 1.3 it looks like two bytes of data, so it counts as one if less was
 * decrypted than the records would hold as data. The peer's first encrypted record is its Finished, which is no data.
 */
export class TlsRecords implements SocketEvents {
  readonly onRoom = nobody.onRoom;
  readonly onPeerEnd = nobody.onPeerEnd;
  readonly onClosed = nobody.onClosed;
  readonly onFault = nobody.onFault;
  readonly onHandshake = nobody.onHandshake;
  private readonly header = new Uint8Array(HEADER);
  private headerLength = 0;
  /** Bytes of the present record's content that are still to come. */
  private rest = 0;
  private type = 0;
  private length = 0;
  private encrypted = 0;
  /** What the encrypted records after the first would hold if all of them were data. */
  private capacity = 0;

  onChunk(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.rest > 0) {
        const step = Math.min(this.rest, chunk.length - at);
        this.rest -= step;
        at += step;
        continue;
      }
      this.header[this.headerLength++] = chunk[at++]!;
      if (this.headerLength === HEADER) this.begin();
    }
  }

  /** Whether the last that came was the peer's own word that there is no more, behind `received` decrypted bytes. */
  saidEnd(received: number): boolean {
    if (this.rest > 0 || this.headerLength > 0) return false;
    if (this.type === ALERT) return true;
    return this.type === APPLICATION_DATA && this.length === ENCRYPTED_ALERT && this.capacity > received;
  }

  private begin(): void {
    const { header } = this;
    this.headerLength = 0;
    this.type = header[0]!;
    this.length = this.rest = header[3]! * 256 + header[4]!;
    if (this.type !== APPLICATION_DATA) return;
    if (this.encrypted++ > 0) this.capacity += this.length - OVERHEAD;
  }
}
