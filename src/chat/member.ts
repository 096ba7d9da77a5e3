import type { Command, Refusal, Reply, RoomState } from "./command.ts";
import type { Delivery } from "./event.ts";

/** Whoever is in the hub, whatever door they came in by: what the hub knows of a session. */
export interface Member {
  /** Called for every event that this member shall see. Must neither block nor throw. */
  deliver(d: Delivery): void;
  /** Another connection has taken this member's seat by its session token: say so and close. The seat is already gone. */
  replaced(): void;
}

/** Whoever hears what happens in a room without being in it. */
export type Follower = Pick<Member, "deliver">;

/** Somebody who is counted: equal texts are the same peer, and so is the same object. */
export type Peer = string | object;

/** What a door tells the hub about whom it brings. */
export interface Entry {
  /** Without a name a guest name is given. */
  readonly name?: string;
  /** `#lobby` when absent. */
  readonly room?: string;
  /** Who counts for the flood limit: a peer's address where it has one of its own, else whatever stands for the peer. */
  readonly peer: Peer;
  /** Deliver this member's own messages back to it. */
  readonly echo?: boolean;
  /** The token of an earlier seat that is taken over. */
  readonly session?: string;
}

/** A member's place in the hub: what a door holds. */
export interface Seat {
  readonly id: string;
  readonly name: string;
  /** A secret of this seat: whoever shows it takes the name back from a half-dead connection. */
  readonly session: string;
  /** The rooms this member is in, in the order of joining. */
  readonly rooms: readonly string[];
  /**
   * Carries out a command. Answers at once, or with a promise when the flood limit delays it or history is on disk. The
   * door pauses its peer meanwhile. Never throws, never rejects.
   */
  submit<C extends Command>(command: C): Reply<C["op"]> | Promise<Reply<C["op"]>>;
  /** Whether somebody in the chat has this name, however it is spelt. */
  meets(name: string): boolean;
  /** Leaves every room and gives up the name. Safe to call twice. */
  leave(why: string): void;
}

export type Entered = { readonly ok: true; readonly seat: Seat; readonly rooms: readonly RoomState[] } | Refusal;
