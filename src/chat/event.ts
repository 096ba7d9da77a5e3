/** What a room remembers and numbers. */
export interface RoomEvent {
  readonly event: "message" | "action" | "topic";
  readonly room: string;
  readonly from: string;
  /** The message, or the new topic ("" clears it). */
  readonly text: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** Changes when the counting of a room starts anew. */
  readonly epoch: string;
  /** 1, 2, 3 … without gaps within an epoch. */
  readonly seq: number;
}

/** What members are told and nobody remembers. */
export type PassingEvent =
  | {
      readonly event: "private";
      readonly from: string;
      readonly to: string;
      readonly text: string;
      readonly time: string;
    }
  | { readonly event: "join" | "part"; readonly room: string; readonly name: string; readonly time: string }
  | { readonly event: "quit"; readonly name: string; readonly reason: string; readonly time: string }
  | { readonly event: "name"; readonly from: string; readonly to: string; readonly time: string }
  | { readonly event: "notice"; readonly room?: string; readonly text: string; readonly time: string };

/** Everything a member can be told. The fields are the wire's own (framed protocol), in the wire's order. */
export type ChatEvent = RoomEvent | PassingEvent;

/** A room event before its room has numbered it. */
export interface Draft {
  readonly event: RoomEvent["event"];
  readonly from: string;
  readonly text: string;
  readonly time: string;
}

/** One form of events on the wire; one instance for each form, because deliveries are shared by it. */
export interface Codec {
  encode(event: ChatEvent): Uint8Array;
}

/** An event on its way to many members: encoded at most once for each codec, then the buffer is shared. */
export interface Delivery {
  readonly event: ChatEvent;
  /** The bytes are shared by all who ask: nobody changes them. */
  as(codec: Codec): Uint8Array;
}
