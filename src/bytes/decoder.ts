/**
 * Turns a stream of chunks into messages. Pure: no socket, clock or log.
 *
 * `push` is lazy: messages are decoded while the caller iterates, so that a caller may stop for a while (to yield the
 * loop, or because its own output is full) and go on with the same iterator. The iterator must be exhausted before the
 * next `push`. An incomplete message is not an error: it yields nothing and is kept, up to the decoder's cap.
 * A violation throws {@link ProtocolError}; the decoder is then finished and must not be pushed to again.
 */
export interface Decoder<M> {
  push(chunk: Uint8Array): Iterable<M>;
  /** The peer will send no more: yields what the end completes (a last line without its newline). */
  end(): Iterable<M>;
  /** Bytes held back for a message that is not complete. */
  readonly buffered: number;
}

/** A peer broke the protocol. `message` is one sentence for the log and for the peer, with peer text already escaped. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
