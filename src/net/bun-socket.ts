import type { Socket, SocketListener } from "bun";

/** Bun's socket with what its types leave out. */
export interface BunSocket extends Socket<SocketEvents> {
  /** The descriptor; -1 once closed, so a stale number cannot hit another peer. */
  readonly fd: number;
}

/** Bun's listener with what its types leave out. */
export interface BunListener extends SocketListener<SocketEvents> {
  readonly fd: number;
  /** 0 on a Unix socket. */
  readonly port: number;
}

/** What a socket's events are handed to: what is kept in `socket.data`. */
export interface SocketEvents {
  onChunk(chunk: Uint8Array): void;
  onRoom(): void;
  onPeerEnd(): void;
  onClosed(): void;
  /** One of the others threw: the socket is still open. */
  onFault(error: Error): void;
  onHandshake(failure: Error | null): void;
}

/**
 * The handlers that all sockets share. Bun needs an `error` handler, or a throw in any of the others is uncaught, and it
 * calls that for nothing else: a reset comes as `close` (both measured). What throws in a session is mostly caught before
 * it comes here.
 */
export const socketHandlers = {
  data: (socket: Socket<SocketEvents>, chunk: Buffer) => socket.data.onChunk(chunk),
  drain: (socket: Socket<SocketEvents>) => socket.data.onRoom(),
  end: (socket: Socket<SocketEvents>) => socket.data.onPeerEnd(),
  close: (socket: Socket<SocketEvents>) => socket.data.onClosed(),
  error: (socket: Socket<SocketEvents>, error: Error) => socket.data.onFault(error),
};

/** Takes a socket's events when nobody is interested: the plain half of a socket that was upgraded to TLS. */
export const nobody: SocketEvents = {
  onChunk() {},
  onRoom() {},
  onPeerEnd() {},
  onClosed() {},
  onFault() {},
  onHandshake() {},
};

/** Closes a socket that nobody is to hear of. */
export function drop(socket: BunSocket): void {
  socket.data = nobody;
  socket.terminate();
}
