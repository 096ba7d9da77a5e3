import type { AdmissionLimits } from "./admission.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** The bounds that the core keeps for every door. Bytes and milliseconds. */
export interface NetLimits extends AdmissionLimits {
  /** What one connection may have queued that its peer does not take; over it the connection dies as `slow`. */
  readonly maxOutbox: number;
  /** `send` asks to stop producing above this … */
  readonly highWater: number;
  /** … and `drained` resolves below this. */
  readonly lowWater: number;
  /** What all outboxes together may hold. */
  readonly outboxBudget: number;
  /** What all half-received messages together may hold. */
  readonly inputBudget: number;
  /** A message, a login or a handshake that was begun must be complete. */
  readonly messageMs: number;
  /** A peer that takes no byte of what is queued for it is given up. */
  readonly stallMs: number;
  /** After `finish`: how long, and how many bytes, of what the peer still sends are read and discarded. */
  readonly lingerMs: number;
  readonly lingerBytes: number;
  /**
   * The same for a session that hears out: nginx's `lingering_time`, and files as large as people send whole. nginx has
   * no bound of bytes; without one a stranger on a fast line could be read at full speed for all that time, for nothing.
   */
  readonly hearsOutMs: number;
  readonly hearsOutBytes: number;
  /** Peers that were refused and are still being told so; more are closed without a word. */
  readonly maxRefused: number;
}

export const defaultNetLimits: NetLimits = {
  maxConnections: 10_000,
  maxPerAddress: null,
  maxOutbox: 4 * MIB,
  highWater: 256 * KIB,
  lowWater: 64 * KIB,
  outboxBudget: 256 * MIB,
  inputBudget: 256 * MIB,
  messageMs: 60_000,
  stallMs: 60_000,
  lingerMs: 2_000,
  lingerBytes: 16 * MIB,
  hearsOutMs: 30_000,
  hearsOutBytes: 2 * GIB,
  maxRefused: 64,
};
