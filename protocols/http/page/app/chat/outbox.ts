import type { Store } from "../lib/store.ts";
import { type Link, LinkDown, Refused } from "./link.ts";
import { type ChatState, changeRoom, isPrivate, type Outgoing, type Room } from "./state.ts";
import { addItem, addSaid, emptyTimeline, type Timeline } from "./timeline.ts";
import type { PassingEvent, RoomEvent } from "./wire.ts";

type Grow = (timeline: Timeline) => Timeline;

/** What the outbox needs of the chat. */
export interface OutboxHost {
  readonly state: Store<ChatState>;
  /** Null while nothing can be sent. */
  readonly link: Link | null;
  newKey(): string;
  /** The connection broke while somebody was told something in private: the sentence that says so. */
  unsure(): string;
}

/**
 * What this user says, from the key press to its place in the room. What was on its way when the connection broke is
 * looked for in the room's history, and said again only if it is not there.
 */
export class Outbox {
  constructor(private readonly host: OutboxHost) {}

  say(room: string, op: Outgoing["op"], text: string): void {
    const outgoing: Outgoing = { key: this.host.newKey(), op, text, state: "waiting", epoch: null, after: 0 };
    this.#change(room, (one) => ({ ...one, newFrom: null, outgoing: [...one.outgoing, outgoing] }));
    this.flush(room);
  }

  /** Sends what waits, in its order. */
  flush(room: string): void {
    const { link } = this.host;
    if (link === null) return;
    for (const outgoing of this.#room(room)?.outgoing ?? []) {
      if (outgoing.state === "waiting") void this.#send(link, room, outgoing);
    }
  }

  /** After catching up: finds out what became of that which was on its way. */
  reconcile(room: string): void {
    this.#change(room, (one) => ({ ...one, outgoing: isPrivate(room) ? this.#unsure(one) : unsaid(one) }));
    this.flush(room);
  }

  again(room: string, key: string): void {
    this.#mark(room, key, { state: "waiting" });
    this.flush(room);
  }

  drop(room: string, key: string): void {
    this.#change(room, (one) => ({ ...one, outgoing: one.outgoing.filter((other) => other.key !== key) }));
  }

  async #send(link: Link, room: string, outgoing: Outgoing): Promise<void> {
    const { key } = outgoing;
    const { epoch, last } = this.#room(room)?.timeline ?? emptyTimeline;
    this.#mark(room, key, { state: "sent", epoch, after: last });
    try {
      const add =
        outgoing.op === "tell" ? await this.#tell(link, room, outgoing) : await this.#say(link, room, outgoing);
      const place = this.#placeOf(key) ?? room;
      this.drop(place, key);
      this.#change(place, (one) => ({ ...one, timeline: add(one.timeline) }));
    } catch (error) {
      if (error instanceof LinkDown) return;
      if (!(error instanceof Refused)) throw error;
      this.#mark(this.#placeOf(key) ?? room, key, {
        state: "failed",
        problem: { code: error.code, message: error.message },
      });
    }
  }

  async #say(link: Link, room: string, { op, text }: Outgoing): Promise<Grow> {
    const { time, epoch, seq } = await link.request(op === "act" ? "act" : "say", { room, text });
    const from = this.host.state.value.name ?? "";
    const event: RoomEvent = { event: op === "act" ? "action" : "message", room, from, text, time, epoch, seq };
    return (timeline) => addSaid(timeline, event, true);
  }

  async #tell(link: Link, room: string, { key, text }: Outgoing): Promise<Grow> {
    const to = room.slice(1);
    const { time } = await link.request("tell", { to, text });
    const from = this.host.state.value.name ?? "";
    const event: PassingEvent = { event: "private", from, to, text, time };
    return (timeline) => addItem(timeline, { kind: "passing", key, event, mine: true });
  }

  #unsure({ outgoing }: Room): readonly Outgoing[] {
    return outgoing.map((one) => {
      return one.state === "sent"
        ? { ...one, state: "failed", problem: { code: "", message: this.host.unsure() } }
        : one;
    });
  }

  /** The room that has it by now: who is told something may have taken another name meanwhile. */
  #placeOf(key: string): string | undefined {
    const rooms = [...this.host.state.value.rooms.values()];
    return rooms.find(({ outgoing }) => outgoing.some((one) => one.key === key))?.id;
  }

  #room(id: string): Room | undefined {
    return this.host.state.value.rooms.get(id);
  }

  #mark(room: string, key: string, marks: Partial<Outgoing>): void {
    this.#change(room, (one) => ({
      ...one,
      outgoing: one.outgoing.map((other) => (other.key === key ? { ...other, ...marks } : other)),
    }));
  }

  #change(room: string, change: (room: Room) => Room): void {
    this.host.state.update((state) => changeRoom(state, room, change));
  }
}

/** What is not in the room's history, ready to be said again. */
function unsaid({ outgoing, timeline }: Room): readonly Outgoing[] {
  const taken = new Set<string>();
  return outgoing.flatMap((one): Outgoing[] => {
    if (one.state !== "sent") return [one];
    const kind = one.op === "act" ? "action" : "message";
    const found = timeline.items.find((item) => {
      if (item.kind !== "said" || !item.mine || taken.has(item.key)) return false;
      const { event } = item;
      if (event.event !== kind || event.text !== one.text) return false;
      // A server that was killed may have kept it, and counts anew since.
      return event.epoch === one.epoch ? event.seq > one.after : event.epoch === timeline.epoch;
    });
    if (found === undefined) return [{ ...one, state: "waiting" }];
    taken.add(found.key);
    return [];
  });
}
