import { nobody, type SocketEvents } from "./bun-socket.ts";

/** RFC 8446, section 5.1: a record is its type, a version and a length of two bytes each, and the content. */
const HEADER = 5;
const ALERT = 21;
const APPLICATION_DATA = 23;
/** What TLS 1.3 adds to a content: the byte of its true type and the tag of an AEAD (section 5.2). */
const OVERHEAD = 17;
/** The most that a record holds, data and padding (section 5.4). */
const FULL = 2 ** 14;
/** An alert is two bytes (section 6). */
const ALERT_LENGTH = 2;
/** A Finished is a header of four bytes and a SHA-256 or SHA-384 (section 4.4.4). */
const FINISHED_LENGTHS = [4 + 32, 4 + 48];
/** Mbed TLS fills up content and type to a multiple of this (MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY). */
const GRANULE = 16;

/**
 * Looks at the ciphertext that a TLS peer sends, to tell an end that the peer meant from one that the network made: who
 * has sent all sends `close_notify` before it closes (RFC 8446, section 6.1), who was cut off does not. Measured: Bun
 * reports both as the same `end`, but hands the ciphertext to the socket that was upgraded.
 *
 * In TLS 1.2 an alert says that it is one. In TLS 1.3 it looks like two bytes of data, so it counts as one if less was
 * decrypted than the records would hold as data. The peer's first encrypted record is its Finished, which is no data.
 *
 * TLS 1.3 allows padding (section 5.4), and Java adds 16 bytes to every record (measured with 17.0.21). So the last record
 * is an alert and its padding if the Finished was padded alike, and less was decrypted than all records so padded would hold.
 * In one that is full there is no room for it. Where records are filled up, nobody can tell an alert from less than 16 bytes
 * of data: only the very end of a file is so short, and then all of it has come.
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
  /** What an encrypted record has, beside its overhead: the present one, and the first. */
  private content = 0;
  private finished: number | null = null;
  /** Encrypted records after the first that have room for padding. */
  private notFull = 0;
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
    if (this.type !== APPLICATION_DATA) return false;
    return this.isPaddedAlert(received) || this.isFilledAlert(received);
  }

  /** An alert with the same padding, or none, as all that came before it. */
  private isPaddedAlert(received: number): boolean {
    const padding = this.content - ALERT_LENGTH;
    if (padding < 0) return false;
    const isAlike = padding === 0 || FINISHED_LENGTHS.includes((this.finished ?? 0) - padding);
    return isAlike && this.capacity - padding * this.notFull > received;
  }

  /** What could be an alert that was filled up, as the Finished was. */
  private isFilledAlert(received: number): boolean {
    const isAlike = FINISHED_LENGTHS.map(filledUp).includes(this.finished ?? 0);
    return isAlike && this.content === filledUp(ALERT_LENGTH) && this.capacity - this.content >= received;
  }

  private begin(): void {
    const { header } = this;
    this.headerLength = 0;
    this.type = header[0]!;
    this.rest = header[3]! * 256 + header[4]!;
    this.content = this.rest - OVERHEAD;
    if (this.type !== APPLICATION_DATA) return;
    if (this.finished === null) {
      this.finished = this.content;
      return;
    }
    this.capacity += this.content;
    if (this.content < FULL) this.notFull++;
  }
}

/** So much content has to have room beside its type in whole granules. */
function filledUp(content: number): number {
  return Math.ceil((content + 1) / GRANULE) * GRANULE - 1;
}
