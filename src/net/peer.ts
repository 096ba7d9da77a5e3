/**
 * What a file for `tincan run` works with. Save this beside it (`tincan types > tincan.d.ts`) and the editor knows it too:
 *
 *     import type { Peer } from "./tincan.d.ts";
 *
 *     export default async function shout(peer: Peer) {
 *       for await (const line of peer.lines()) await peer.write(`${line.toUpperCase()}\n`);
 *     }
 *
 * Nothing is imported when the file runs. Bytes are a Buffer when they come from tincan, so that `String(bytes)` is their text.
 */

/** The default export: one call for each peer. When it returns the connection ends, after everything written has left. */
export type Handler = (peer: Peer) => Promise<void>;

/**
 * The export named `datagram`: one call for each UDP datagram that comes to the same port. What it returns, if anything,
 * is the answer.
 */
export type DatagramHandler = (message: Uint8Array, from: Source) => Answer | Promise<Answer>;

export type Answer = string | Uint8Array | undefined;

/** Where a datagram came from. */
export interface Source {
  readonly host: string;
  readonly port: number;
}

/**
 * A peer that is connected over TCP. It is read in one way: by lines, chunks or frames. A loop over them ends when the peer
 * has said all it will, has gone, or the server stops; between two rounds the peer waits, so that it can never send more than
 * is handled.
 */
export interface Peer {
  /** Who it is: `127.0.0.1:54321`, `[::1]:54321`. */
  readonly remote: string;

  /** Lines of text without their ends (LF or CR LF), the last one also without a newline. */
  lines(): AsyncIterable<string>;

  /** Bytes in whatever pieces they come. */
  chunks(): AsyncIterable<Uint8Array>;

  /**
   * Bodies of frames. The length before each is written as Python's `struct.pack(format, length)` does it: one of
   * `b B h H i I l L q Q` behind an optional `@ = < > !`. Default `!I`.
   */
  frames(format?: string): AsyncIterable<Uint8Array>;

  /**
   * Sends text (as UTF-8) or bytes; they are copied. Resolves when there is room for more, so await it. Rejects when the peer
   * has gone, which ends a handler that does not catch it, without a complaint; not awaited, that does no harm.
   */
  write(data: string | Uint8Array): Promise<void>;

  /** Sends one frame: the length in `format` (default `!I`), then the body. Otherwise as `write`. */
  writeFrame(body: string | Uint8Array, format?: string): Promise<void>;
}
