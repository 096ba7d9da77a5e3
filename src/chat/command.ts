import type { RoomEvent } from "./event.ts";

/**
 * What a member may ask of the hub, as data. `room` is with its `#`. Lists come in pages: of `who` and `rooms` what comes
 * behind the name `after`; of `history` what comes behind the number `after`, or else the newest before the number `before`.
 * `limit` is how many at most; the hub may give fewer. `topic` without a topic asks for it.
 */
export type Command =
  | { readonly op: "say" | "act"; readonly room: string; readonly text: string }
  | { readonly op: "tell"; readonly to: string; readonly text: string }
  | { readonly op: "join" | "part"; readonly room: string }
  | { readonly op: "name"; readonly name: string }
  | { readonly op: "topic"; readonly room: string; readonly topic?: string }
  | { readonly op: "who"; readonly room: string; readonly after?: string; readonly limit?: number }
  | { readonly op: "rooms"; readonly after?: string; readonly limit?: number }
  | {
      readonly op: "history";
      readonly room: string;
      readonly before?: number;
      readonly after?: number;
      readonly limit?: number;
    }
  | {
      readonly op: "search";
      readonly room: string;
      readonly text: string;
      readonly before?: number;
      readonly limit?: number;
    }
  | { readonly op: "ping" };

/** The command with this op. */
export type CommandOf<Op extends Command["op"]> = Command & { readonly op: Op };

/** Why the hub refused a command: a closed list, published in the framed door's README. */
export type RefusalCode =
  | "bad-name"
  | "name-taken"
  | "name-reserved"
  | "bad-room"
  | "no-such-room"
  | "not-in-room"
  | "too-many-rooms"
  | "no-such-member"
  | "bad-text"
  | "text-too-long"
  | "topic-too-long"
  | "no-history"
  | "denied";

export interface Refusal {
  readonly ok: false;
  readonly error: { readonly code: RefusalCode; readonly message: string };
}

/** A room as somebody who comes in sees it. */
export interface RoomState {
  readonly room: string;
  readonly epoch: string;
  /** The number of the room's last event; 0 before the first. */
  readonly seq: number;
  readonly members: number;
  readonly topic?: string;
}

/** The members of answers that are `"ok":true`, by command. Lists come in pages: `next` is the `after` of the next page. */
export interface Answers {
  say: { readonly epoch: string; readonly seq: number; readonly time: string };
  act: Answers["say"];
  tell: { readonly time: string };
  join: RoomState;
  part: object;
  name: { readonly name: string };
  /** With epoch, seq and time when it was set by this command, for that is an event of the room. */
  topic: { readonly topic: string } | ({ readonly topic: string } & Answers["say"]);
  who: { readonly members: readonly string[]; readonly next: string | null };
  rooms: { readonly rooms: readonly RoomState[]; readonly next: string | null };
  history: { readonly events: readonly RoomEvent[]; readonly next: number | null; readonly oldest: number };
  /** Newest first. */
  search: Answers["history"];
  ping: object;
}

export type Reply<Op extends Command["op"] = Command["op"]> = ({ readonly ok: true } & Answers[Op]) | Refusal;
