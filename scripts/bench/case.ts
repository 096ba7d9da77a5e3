import type { Peer, PeerName, Service } from "./peers.ts";
import type { Sample } from "./sample.ts";
import type { Server } from "./server.ts";

/** What tincan wants to reach: at most so many times the cost of a peer, or at most so much. */
export type Goal =
  | { readonly against: PeerName; readonly most: number }
  | { readonly figure: "cost" | "memory"; readonly most: number };

/** One kind of work that servers are compared by. */
export interface Case {
  readonly name: string;
  readonly title: string;
  /** Headings of the cost and of the rate. */
  readonly unit: string;
  readonly rate?: string;
  /** Who takes part, and what each serves. */
  readonly contenders: Readonly<Partial<Record<PeerName, Service>>>;
  /** Whom the others are compared with. */
  readonly reference: PeerName;
  /** What is not as by default in tincan. */
  readonly flags?: readonly string[];
  /** Every sample needs a server that nobody has used. */
  readonly fresh?: true;
  /** Where one round says enough. */
  readonly rounds?: number;
  readonly goals: readonly Goal[];
  measure(server: Server, peer: Peer, seconds: number): Promise<Sample>;
}
