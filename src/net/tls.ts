import type { Socket } from "bun";
import { type BunSocket, nobody, type SocketEvents, socketHandlers } from "./bun-socket.ts";

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
}

/** What Bun takes for `tls`. TLS 1.2 is the oldest version that is offered. */
export function bunTls(context: TlsContext) {
  return { cert: context.cert, key: context.key, minVersion: 0x0303 };
}

/** What was agreed on with the peer of a socket whose handshake is done. */
export function tlsInfo(socket: Socket<SocketEvents>): TlsInfo {
  return { version: socket.getTLSVersion(), cipher: socket.getCipher().name };
}

/**
 * The handlers of a socket that speaks TLS. Bun reports UNABLE_TO_GET_ISSUER_CERT although no client certificate was asked for, so
 * only `success` counts.
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
export function upgradeToTls(socket: BunSocket, context: TlsContext, events: SocketEvents): BunSocket {
  const options = { isServer: true, tls: bunTls(context), data: events, socket: tlsHandlers };
  const [raw, secure] = socket.upgradeTLS(options);
  // The plain socket goes on getting the ciphertext.
  raw.data = nobody;
  return secure as BunSocket;
}
