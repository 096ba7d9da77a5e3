import type { Socket } from "bun";
import { type BunSocket, type SocketEvents, socketHandlers } from "./bun-socket.ts";
import { TlsRecords } from "./tls-records.ts";

/** A certificate chain and its key, in PEM. */
export interface TlsContext {
  readonly cert: string;
  readonly key: string;
}

/** What a finished TLS handshake agreed on. */
export interface TlsInfo {
  /** "TLSv1.3", "TLSv1.2". */
  readonly version: string;
  readonly cipher: string;
  /**
   * Whether the peer has said that it has sent all (`close_notify`), when `received` bytes of it were read: without that
   * an end may be a cut. Null where it cannot be told, as in TLS from the first byte.
   */
  saidEnd(received: number): boolean | null;
}

/** What Bun takes for `tls`. TLS 1.2 is the oldest version that is offered. */
export function bunTls(context: TlsContext) {
  return { cert: context.cert, key: context.key, minVersion: 0x0303 };
}

/** What was agreed on with the peer of a socket whose handshake is done. */
export function tlsInfo(socket: Socket<SocketEvents>, records: TlsRecords | null): TlsInfo {
  return {
    version: socket.getTLSVersion(),
    cipher: socket.getCipher().name,
    saidEnd: (received) => records?.saidEnd(received) ?? null,
  };
}

/**
 * The handlers of a socket that speaks TLS. Bun reports UNABLE_TO_GET_ISSUER_CERT although no client certificate was
 * asked for, so only `success` counts.
 */
export const tlsHandlers = {
  ...socketHandlers,
  handshake(socket: Socket<SocketEvents>, success: boolean, error: Error | null) {
    socket.data.onHandshake(success ? null : (error ?? new Error("the handshake failed")));
  },
};

/**
 * Makes this side of a plain socket a TLS server; `events` gets what is decrypted. `isServer` is left out of Bun's types
 * and may be left out on an accepted socket, but a dialled one needs it (FTPS active mode).
 */
export function upgradeToTls(
  socket: BunSocket,
  context: TlsContext,
  events: SocketEvents,
): { readonly socket: BunSocket; readonly records: TlsRecords } {
  const options = { isServer: true, tls: bunTls(context), data: events, socket: tlsHandlers };
  const [raw, secure] = socket.upgradeTLS(options);
  // The plain socket goes on getting the ciphertext.
  const records = new TlsRecords();
  raw.data = records;
  return { socket: secure as BunSocket, records };
}
