import type { Address } from "./address.ts";
import type { HeaderFields } from "./forwarded.ts";
import type { RefusalKind } from "./refusals.ts";
import type { TlsContext, TlsInfo } from "./tls.ts";

/**
 * Why a connection ended. The first reason wins and is told once, to the session, to the log and to the counters.
 *
 * - `peer`: the other side ended it. `local`: the session did, of its own accord.
 * - `idle`, `stall`: a deadline passed; see {@link DeadlineKind}.
 * - `shutdown`: the daemon drains.
 * - `busy`: a limit or a budget was reached. `banned`: the address is kept out.
 * - `replaced`: another connection took over this one's seat in the chat.
 */
export type CloseReason =
  | { readonly kind: "peer" | "local" | "idle" | "stall" | "shutdown" | "busy" | "banned" | "replaced" }
  /** Who had logged in is to do so again: the account is gone, or has another password or home. */
  | { readonly kind: "login-ended" }
  /** The peer took too little of what was queued for it: so many bytes waited. */
  | { readonly kind: "slow"; readonly pending: number }
  /** The peer broke the protocol; `detail` says how. */
  | { readonly kind: "violation"; readonly detail: string }
  /** The operator ended it (`tincan kick`); `detail` is the reason that was given, "" without one. */
  | { readonly kind: "kicked"; readonly detail: string }
  | { readonly kind: "error"; readonly error: Error };

/** The code behind a door: makes one {@link Session} for each connection. */
export interface Protocol {
  readonly name: string;
  /** What a peer is told, in the protocol's own words, when it is refused because a limit is reached. */
  readonly busy?: Uint8Array;
  /** The same for a peer whose address is banned. */
  readonly banned?: Uint8Array;
  /**
   * The same by what a peer says first, for protocols in which that tells how it wants to be told. Asked at its first bytes, or
   * after a second without any.
   */
  refusal?(kind: RefusalKind, first: Uint8Array): Uint8Array;
  open(conn: Connection, net: Net): Session;
}

/** A protocol's state for one connection. An exception out of any of these ends this connection and no other. */
export interface Session {
  /**
   * Bytes from the peer; the chunk is the session's own and may be kept or changed in place. A promise pauses reading
   * until it settles. It may wait for disk, hashing, login, a flood delay or the connection's own `drained()`; never for
   * a later byte of the same peer. A rejected promise ends the connection as a throw does.
   */
  onData(chunk: Uint8Array): void | Promise<void>;
  /**
   * `onData` keeps nothing of a chunk and does not change it: chunks may be lent, all out of one buffer (`src/net/receiver.ts`).
   * For sessions that get much.
   */
  readonly borrows?: boolean;
  /**
   * Asked when it has finished of its own accord (`local`): what still comes is then read and discarded for longer than
   * `finish` says, up to 30 s or 2 GiB, but no longer than 2 s in which nothing comes. A file was refused, and many
   * clients read why only when they have sent all of it. Who is put out is not heard out.
   */
  readonly hearsOut?: boolean;
  /** The peer half-closed. Default: `finish()`. */
  onPeerEnd?(): void;
  /** The daemon drains: last words, then `finish()`. Default: `finish()`. No `onData` follows. */
  onShutdown?(): void;
  /** Exactly once, always last, after the socket is closed. */
  onClose?(why: CloseReason): void;
  /** Last words, in the protocol's own language, for an ending that the session did not choose (a deadline, a budget). */
  farewell?(why: CloseReason): Uint8Array | undefined;
  /** Bytes held of a message that is not complete; counted against the daemon's budget for half-received input. */
  readonly buffered?: number;
  /** Who is at the other end, as far as the session knows: what the operator sees in `status` and says to `kick`. */
  readonly who?: Who | null;
  /** Whether a drain shall wait for this session until its deadline (a transfer runs), not only for two seconds. */
  readonly working?: boolean;
}

/** Names of a peer; null for one that it has not. Made when somebody asks, so that 10,000 who chat do not keep one each. */
export interface Who {
  /** In the chat. */
  readonly name: string | null;
  /** That it logged in to. */
  readonly account: string | null;
  /** Whether that login is void (the account is gone, or was changed), so that the connection is to end. */
  readonly ended?: boolean | undefined;
}

/**
 * Kinds of deadline. `handshake`: what was begun (a message, a login, TLS) must be complete by then, whatever moves
 * meanwhile. `idle`: something must move in either direction. `stall`: the same while a transfer runs.
 */
export type DeadlineKind = "handshake" | "idle" | "stall";

/** A piece of an open file to be sent. The descriptor stays the caller's: it is closed after the promise has settled. */
export interface FileSlice {
  readonly fd: number;
  readonly offset: number;
  readonly length: number;
  /** The length was promised: a file that ends before it is filled up with zeros. */
  readonly exact?: boolean;
  /** Gets the bytes that the socket takes, in order, for a hash of them; not the zeros. They are lent. */
  onBytes?(bytes: Uint8Array): void;
  /** Told how many bytes the socket took in all so far, at most once a turn. */
  onProgress?(taken: number): void;
}

/** What a proxy tells of a peer beside its address. */
export interface Proxied {
  /** The peer speaks TLS with the proxy. */
  readonly encrypted: boolean;
  /** The header of a request has told it, not that of the connection: TLS on the connection is then the proxy's own. */
  readonly byRequest?: true;
}

/** A request that a proxy may have passed on. */
export interface PassedOn {
  /** Why its peer may not come in: it is to be told so, and nothing else. */
  readonly refused: RefusalKind | null;
  /** The Host that was asked for, where a proxy tells it. */
  readonly hostHeader: string | undefined;
}

/** One peer's socket as a protocol sees it; never the socket itself. */
export interface Connection {
  readonly id: number;
  readonly remote: Address;
  /** What a trusted proxy has told, whose peer `remote` is then; null: the peer itself has connected. */
  readonly proxied: Proxied | null;
  /**
   * A request with these header fields begins. Where they tell for whom a trusted proxy passes it on, that is the peer
   * until {@link Connection.passBack}, for limits and bans too. Absent where no proxy may have connected.
   */
  passOn?(fields: HeaderFields): PassedOn;
  /** The request is answered. The next may be anybody's, so until it comes the peer is whoever has connected. */
  passBack?(): void;
  readonly local: Address;
  readonly tls: TlsInfo | null;
  /** Bytes queued that the socket has not taken; file segments are not counted. */
  readonly pending: number;
  readonly state: "open" | "finishing" | "closed";
  /**
   * Queues bytes behind all earlier sends; they leave once a loop turn, joined into one write. Ownership passes: nobody
   * changes the bytes again. Never blocks, never reorders, never throws; a no-op once finishing or closed.
   * False: queued all the same, but stop producing until {@link Connection.drained}.
   */
  send(bytes: Uint8Array): boolean;
  /** Queues a file slice. Resolves with the bytes taken, fewer when the file shrank or the connection closed; never rejects. */
  sendFile(slice: FileSlice): Promise<number>;
  /** Resolves when the queue is short again (below `lowWater`): true; or when the connection has closed: false. Never rejects. */
  drained(): Promise<boolean>;
  /**
   * Turns this plain connection into a TLS server's side, after all queued plain text has left. Bytes that came with the
   * chunk being handled and were not read before are for the caller to refuse (RFC 4217, CVE-2011-0411). The handshake
   * has the `handshake` deadline. Rejects when the handshake fails; the connection is then closed.
   */
  startTls(tls: TlsContext): Promise<TlsInfo>;
  /**
   * Sets (or with null clears) one of the deadlines. `idle` and `stall` are pushed back by every byte in either direction,
   * and count from now.
   */
  deadline(kind: DeadlineKind, ms: number | null): void;
  /**
   * Ends in peace: flushes, shuts down the sending side, reads and discards up to 2 s or 16 MiB, closes. `why` is what
   * `onClose` and the log are told; without it `local`, or `peer` if the peer ended first.
   */
  finish(lastWords?: Uint8Array, why?: CloseReason): void;
  /** Ends now: queued bytes are dropped, last words are tried once. The first reason wins. */
  kill(why: CloseReason, lastWords?: Uint8Array): void;
}

/**
 * A connection that was accepted or dialled on behalf of a session. It is paused: nothing is read before a session of its
 * own is attached, and a peer that leaves meanwhile is noticed when it is.
 */
export interface Arrival {
  readonly conn: Connection;
  attach(session: Session): void;
}

/** A listener for one connection. */
export interface ListenOnce {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Only a peer with this address is taken; others are closed and reported, and the listener goes on waiting. */
  readonly from?: string;
  readonly timeoutMs: number;
  onStranger?(address: Address): void;
}

export interface OneShot {
  readonly port: number;
  /** Rejects after the timeout or `cancel`; the listener is closed in any case. */
  readonly arrived: Promise<Arrival>;
  cancel(): void;
}

export interface Dial {
  readonly host: string;
  readonly port: number;
  /** The address of this machine from which; without it the system chooses. */
  readonly from?: string;
  readonly timeoutMs: number;
  /** Nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/**
 * Connections a session may open beside its own (FTP data connections). They count against the daemon's limit. They begin
 * in the clear: an FTP client starts its handshake when it has read 150 on the control connection, so `startTls` comes
 * behind `attach`.
 */
export interface Net {
  /** @throws ListenError when the port cannot be listened on */
  listenOnce(o: ListenOnce): OneShot;
  /** Rejects when the peer cannot be reached in time. */
  dial(o: Dial): Promise<Arrival>;
}

/** A protocol over datagrams. `reply` may be called once or more, during the call or later; it never throws. */
export interface DatagramProtocol {
  onDatagram(bytes: Uint8Array, from: Address, reply: (bytes: Uint8Array) => void): void;
}
