import type { Past } from "./past.ts";
import { emptyTimeline, type Timeline } from "./timeline.ts";

/** Something that this page's user says, until the server has answered it. */
export interface Outgoing {
  readonly key: string;
  readonly op: "say" | "act" | "tell";
  readonly text: string;
  /** `sent`: on its way, on this connection or on one that broke; nobody knows yet whether it arrived. */
  readonly state: "waiting" | "sent" | "failed";
  /** Where the room's counting stood when it was sent: it can only be behind that. */
  readonly epoch: string | null;
  readonly after: number;
  /** Why it failed: the server's code, or none, and its sentence. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** A room, or a conversation with one person. */
export interface Room {
  /** `#lobby`, or `@bob` for what bob and this user tell each other. */
  readonly id: string;
  readonly topic: string;
  /** Who is in it, in the order of their names; not all, in a room of hundreds. */
  readonly members: readonly string[];
  /** There are more than those. */
  readonly others: boolean;
  readonly timeline: Timeline;
  /** What is shown instead of the timeline, which goes on meanwhile; null: the timeline is. */
  readonly past: Past | null;
  /** The message that was looked for, marked where it stands; another object whenever it is to come into view. */
  readonly goal: { readonly key: string } | null;
  readonly outgoing: readonly Outgoing[];
  /** Messages since it was looked at. */
  readonly unread: number;
  /** One of them has this user's name in it, or is private. */
  readonly called: boolean;
  /** The key of the first item that was not looked at when it came. */
  readonly newFrom: string | null;
  /** There is older history that is not here. */
  readonly more: boolean;
  readonly loading: boolean;
}

/** How the connection is. */
export type Status =
  | { readonly kind: "connecting" }
  | { readonly kind: "online" }
  /** `retryAt` in milliseconds since 1970; `text` is what the server said last, or "". */
  | { readonly kind: "offline"; readonly retryAt: number; readonly text: string }
  /** Over until the user wants it again. */
  | { readonly kind: "ended"; readonly reason: string; readonly text: string };

export function isLoginEnded(status: Status): boolean {
  return status.kind === "ended" && status.reason === "login-ended";
}

export interface ChatState {
  readonly status: Status;
  /** Null before the first welcome. */
  readonly name: string | null;
  readonly rooms: ReadonlyMap<string, Room>;
  /** The id of the room that is shown. */
  readonly active: string;
  /** Whom this user wants to hear no more. */
  readonly ignored: readonly string[];
  /** What was begun in each room and not sent, by the room's id. */
  readonly drafts: ReadonlyMap<string, string>;
  /** Some of what was said while this page was away is not to be had any more. */
  readonly missed: boolean;
}

export const LOBBY = "#lobby";

export const initialChat: ChatState = {
  status: { kind: "connecting" },
  name: null,
  rooms: new Map(),
  active: LOBBY,
  ignored: [],
  drafts: new Map(),
  missed: false,
};

export function newRoom(id: string): Room {
  return {
    id,
    topic: "",
    members: [],
    others: false,
    timeline: emptyTimeline,
    past: null,
    goal: null,
    outgoing: [],
    unread: 0,
    called: false,
    newFrom: null,
    more: false,
    loading: false,
  };
}

/** Whether this server has no chat, and the page is in for the files alone. */
export function isChatless({ status, name }: ChatState): boolean {
  return status.kind === "online" && name === null;
}

/** Whether this is a conversation with one person. */
export function isPrivate(id: string): boolean {
  return id.startsWith("@");
}

/** What a room is called before people: a conversation by the other's name. */
export function titleOf(id: string): string {
  return isPrivate(id) ? id.slice(1) : id;
}

/** The one of these that differs by capitals at most. */
export function alike(names: Iterable<string>, wanted: string): string | undefined {
  return [...names].find((name) => name.toLowerCase() === wanted.toLowerCase());
}

/** The state with another room of this id; a room that is not there stays away. */
export function changeRoom(state: ChatState, id: string, change: (room: Room) => Room): ChatState {
  const room = state.rooms.get(id);
  if (room === undefined) return state;
  const changed = change(room);
  return changed === room ? state : { ...state, rooms: new Map(state.rooms).set(id, changed) };
}

/** The state with this room in it. */
export function withRoom(state: ChatState, id: string): ChatState {
  return state.rooms.has(id) ? state : { ...state, rooms: new Map(state.rooms).set(id, newRoom(id)) };
}

/** The state with these rooms in it; the first is shown where what was shown is not there. */
export function withRooms(state: ChatState, rooms: readonly { readonly room: string }[]): ChatState {
  const known = rooms.reduce((grown, { room }) => withRoom(grown, room), state);
  const [first = LOBBY] = known.rooms.keys();
  return { ...known, active: known.rooms.has(known.active) ? known.active : first };
}

/** The state with this room shown; in the one before, nothing is new any more, and the newest is what one comes back to. */
export function showing(state: ChatState, id: string): ChatState {
  const leave = (room: Room): Room => ({ ...room, newFrom: null, past: null, goal: null });
  const left = state.active === id ? state : changeRoom(state, state.active, leave);
  return { ...withRoom(left, id), active: id };
}

/** The state without this room; the lobby, or what is left, is shown instead. */
export function withoutRoom(state: ChatState, id: string): ChatState {
  const rooms = new Map(state.rooms);
  rooms.delete(id);
  const [other = LOBBY] = rooms.keys();
  return { ...state, rooms, active: state.active === id ? other : state.active };
}

/** The state with this begun in a room; "" is nothing. */
export function withDraft(state: ChatState, id: string, text: string): ChatState {
  const drafts = new Map(state.drafts);
  if (text === "") drafts.delete(id);
  else drafts.set(id, text);
  return { ...state, drafts };
}
