import { hides, renameIgnored } from "./ignored.ts";
import { names } from "./names.ts";
import { type ChatState, changeRoom, isPrivate, type Room, withRoom } from "./state.ts";
import { addItem, addSaid, type Item, keyOf } from "./timeline.ts";
import type { ChatEvent, PassingEvent, RoomEvent } from "./wire.ts";

/** What of the page bears on an event, beside the state. */
export interface Circumstances {
  /** The shown room is being looked at. */
  readonly attentive: boolean;
  /** Whether this user has said it. */
  readonly isMine: (event: RoomEvent) => boolean;
  /** A key that no other item has. */
  readonly key: string;
}

type Apply<Event> = (state: ChatState, event: Event, now: Circumstances) => ChatState;
type Appliers = { readonly [Kind in ChatEvent["event"]]: Apply<ChatEvent & { readonly event: Kind }> };

/** What each kind of event changes. */
const appliers: Appliers = {
  message: applySaid,
  action: applySaid,
  topic: (state, event, now) => {
    return applySaid(
      changeRoom(state, event.room, (room) => ({ ...room, topic: event.text })),
      event,
      now,
    );
  },
  private: (state, event, now) => {
    if (hides(state.ignored, event)) return state;
    const mine = event.from === state.name;
    const id = `@${mine ? event.to : event.from}`;
    return changeRoom(withRoom(state, id), id, (room) => {
      const item: Item = { kind: "passing", key: now.key, event, mine };
      const grown = { ...room, timeline: addItem(room.timeline, item) };
      return mine ? grown : unseen(state, grown, now, now.key, true);
    });
  },
  join: (state, event, now) => {
    return passing(state, event, now, [event.room], (members) => insertName(members, event.name));
  },
  part: (state, event, now) => {
    return passing(state, event, now, [event.room], (members) => members.filter((name) => name !== event.name));
  },
  quit: (state, event, now) => {
    return passing(state, event, now, roomsOf(state, event.name), (members) => {
      return members.filter((name) => name !== event.name);
    });
  },
  name: (state, event, now) => {
    const told = passing(state, event, now, roomsOf(state, event.from), (members) => {
      return insertName(
        members.filter((name) => name !== event.from),
        event.to,
      );
    });
    const renamed = { ...told, ignored: renameIgnored(state.ignored, event.from, event.to) };
    return renamePrivate(event.from === state.name ? { ...renamed, name: event.to } : renamed, event.from, event.to);
  },
  notice: (state, event, now) => {
    return passing(state, event, now, [event.room ?? state.active], (members) => members);
  },
};

/** The state after what the server told of the chat. */
export function applyEvent(state: ChatState, event: ChatEvent, now: Circumstances): ChatState {
  const applier = appliers[event.event] as Apply<ChatEvent> | undefined;
  return applier === undefined ? state : applier(state, event, now);
}

/** The state after what came while this page was away, and is not all there. */
export function countMissed(state: ChatState, id: string, events: number, { attentive }: Circumstances): ChatState {
  if (attentive && id === state.active) return state;
  return changeRoom(state, id, (room) => ({ ...room, unread: room.unread + events }));
}

/** Names are listed as people read them. */
export function insertName(members: readonly string[], name: string): readonly string[] {
  if (members.includes(name)) return members;
  return [...members, name].sort((a, b) => a.localeCompare(b));
}

function applySaid(state: ChatState, event: RoomEvent, now: Circumstances): ChatState {
  const mine = now.isMine(event);
  return changeRoom(state, event.room, (room) => {
    const timeline = addSaid(room.timeline, event, mine);
    if (timeline === room.timeline) return room;
    const grown = { ...room, timeline };
    if (mine || event.event === "topic" || hides(state.ignored, event)) return grown;
    return unseen(state, grown, now, keyOf(event), names(event.text, state.name));
  });
}

/** Counts what came while nobody looked. */
function unseen(state: ChatState, room: Room, now: Circumstances, key: string, called: boolean): Room {
  if (now.attentive && room.id === state.active) return room;
  const { unread, newFrom } = room;
  return { ...room, unread: unread + 1, called: room.called || called, newFrom: unread === 0 ? key : newFrom };
}

function passing(
  state: ChatState,
  event: PassingEvent,
  now: Circumstances,
  rooms: readonly string[],
  change: (members: readonly string[]) => readonly string[],
): ChatState {
  const mine = "name" in event ? event.name === state.name : event.event === "name" && event.from === state.name;
  return rooms.reduce((changed, id) => {
    return changeRoom(changed, id, (room) => ({
      ...room,
      members: isPrivate(id) ? room.members : change(room.members),
      timeline: addItem(room.timeline, { kind: "passing", key: `${now.key}${id}`, event, mine }),
    }));
  }, state);
}

/** Where somebody is known to be, a conversation with them among it. */
function roomsOf(state: ChatState, name: string): readonly string[] {
  const ids = [...state.rooms.values()].filter((room) => room.members.includes(name)).map(({ id }) => id);
  return state.rooms.has(`@${name}`) ? [...ids, `@${name}`] : ids;
}

/** A conversation goes on under the other's new name. */
function renamePrivate(state: ChatState, from: string, to: string): ChatState {
  const room = state.rooms.get(`@${from}`);
  if (room === undefined || state.rooms.has(`@${to}`)) return state;
  const now = (id: string) => (id === room.id ? `@${to}` : id);
  const rooms = new Map([...state.rooms].map(([id, one]) => [now(id), one === room ? { ...one, id: now(id) } : one]));
  const drafts = new Map([...state.drafts].map(([id, text]) => [now(id), text]));
  return { ...state, rooms, drafts, active: now(state.active) };
}
