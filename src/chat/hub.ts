import type { Clock } from "../clock.ts";
import type { Command, CommandOf, Refusal, Reply } from "./command.ts";
import { carryOut, costOf } from "./commands.ts";
import { Fanout } from "./fanout.ts";
import { Flood } from "./flood.ts";
import { FormerGuests } from "./former-guests.ts";
import type { RoomLog } from "./history.ts";
import { chatLimits } from "./limits.ts";
import type { Entered, Entry, Member, Seat } from "./member.ts";
import { enterRoom, leaveRoom } from "./moving.ts";
import { Outside } from "./outside.ts";
import type { Parts } from "./parts.ts";
import { Presence } from "./presence.ts";
import { refuse } from "./refusal.ts";
import { LOBBY, Rooms } from "./rooms.ts";
import { Roster } from "./roster.ts";
import { gone, HubSeat, type SeatHost } from "./seat.ts";
import { isOver } from "./text.ts";
import { timestamp } from "./timestamp.ts";

export interface HubOptions {
  readonly log: RoomLog;
  readonly clock: Clock;
  /** Commands a second of one peer once its burst is used up; 0: no limit. */
  readonly rate?: number;
  /** Commands of one peer at once. */
  readonly burst?: number;
  /** Is told what must not happen: a member that throws, a log that fails. Must not throw. */
  readonly fault?: (error: unknown) => void;
}

const RATE = 10;
const BURST = 20;

const failed: Refusal = refuse("denied", "the chat could not do this; the server's log tells why");

/** The chat: rooms, members, names and history. Knows no sockets: whoever enters brings a Member to deliver to. */
export class Hub implements SeatHost {
  /** For those who read, listen and speak without coming in. */
  readonly outside: Outside;
  private readonly parts: Parts;
  private readonly flood: Flood | null;
  private readonly fault: (error: unknown) => void;
  private readonly sessions = new Map<string, HubSeat>();
  private readonly tokens = new WeakMap<HubSeat, string>();
  private readonly formerGuests: FormerGuests;
  private members = 0;
  private entered = 0;

  constructor({ log, clock, rate = RATE, burst = BURST, fault = () => {} }: HubOptions) {
    const fanout = new Fanout(fault);
    const presence = new Presence(clock, fanout);
    this.parts = { clock, log, rooms: new Rooms(log), roster: new Roster(), fanout, presence };
    this.flood = rate > 0 ? new Flood(clock, rate, burst) : null;
    this.formerGuests = new FormerGuests(clock);
    this.outside = new Outside(this.parts, this.flood);
    this.fault = fault;
  }

  /**
   * Brings a member in under the name and into the room that it asked for, or into the seat whose session it shows. An
   * unknown session is ignored, but a guest that has left and shows its own has its name again. Nothing is delivered to
   * the member before this returns.
   */
  enter(member: Member, entry: Entry): Entered {
    const { rooms, roster } = this.parts;
    const { session = "" } = entry;
    const old = this.sessions.get(session);
    if (old !== undefined) return this.takeOver(old, session, member, entry);
    const named =
      entry.name === undefined ? { ok: true as const, name: this.guestName(session) } : roster.check(entry.name, null);
    if (!named.ok) return named;
    const found = rooms.findOrMake(entry.room ?? LOBBY);
    if (!found.ok) return found;
    const seat = this.newSeat(named.name, member, entry);
    this.members += 1;
    roster.add(seat.name, seat);
    enterRoom(this.parts, seat, found.room);
    return { ok: true, seat, rooms: [rooms.state(found.room)] };
  }

  /** Tells everybody in a room something as the server, as a `notice`; nobody remembers it. */
  announce(name: string, text: string): void {
    const { rooms, fanout, clock } = this.parts;
    const room = rooms.find(name);
    if (room === undefined) return;
    fanout.tell({ event: "notice", room: room.name, text, time: timestamp(clock) }, room, null);
  }

  /** Every room with how many are in it, in the order of names. */
  get rooms(): readonly { readonly room: string; readonly members: number }[] {
    const { rooms } = this.parts;
    return Array.from(rooms.following(undefined), ({ name, size }) => ({ room: name, members: size }));
  }

  stats(): { readonly members: number; readonly rooms: number } {
    return { members: this.members, rooms: this.parts.rooms.size };
  }

  /** Events that were told since the start, and to how many each, summed up. */
  get told(): { readonly events: number; readonly deliveries: number } {
    return this.parts.fanout.counts;
  }

  submit<Op extends Command["op"]>(seat: HubSeat, op: Op, command: CommandOf<Op>): Reply<Op> | Promise<Reply<Op>> {
    const flood = this.flood;
    if (flood === null) return this.carryOut(seat, op, command);
    const cost = costOf(op, command);
    if (flood.admit(seat.peer, seat, cost)) return this.carryOut(seat, op, command);
    return new Promise((resolve) => {
      const go = () => resolve(this.carryOut(seat, op, command));
      flood.wait(seat.peer, { owner: seat, cost, go, drop: () => resolve(gone) });
    });
  }

  leave(seat: HubSeat, why: string): void {
    const { presence, roster } = this.parts;
    const rooms = seat.joined;
    const token = this.tokens.get(seat);
    if (token !== undefined) this.formerGuests.left(token, seat.name);
    this.vacate(seat);
    this.members -= 1;
    roster.remove(seat.name, seat);
    for (const room of rooms) leaveRoom(this.parts, seat, room);
    presence.quit(seat, rooms, presentable(why));
  }

  /** The seat's secret, 128 random bits in base64url, made when it is asked for: most doors have no use for it. */
  sessionOf(seat: HubSeat): string {
    const known = this.tokens.get(seat);
    if (known !== undefined) return known;
    const token = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
    this.setToken(seat, token);
    return token;
  }

  has(name: string): boolean {
    return this.parts.roster.find(name) !== undefined;
  }

  private guestName(session: string): string {
    const { roster } = this.parts;
    const former = this.formerGuests.take(session);
    return former !== null && roster.find(former) === undefined ? former : roster.guest();
  }

  /** Who shows this secret is the member of this seat; null: nobody who is here has it. */
  seatOf(session: string): Seat | null {
    return this.sessions.get(session) ?? null;
  }

  private setToken(seat: HubSeat, token: string): void {
    this.tokens.set(seat, token);
    this.sessions.set(token, seat);
  }

  /** The new member sits down where the old one sat; in the rooms nobody sees a difference. */
  private takeOver(old: HubSeat, token: string, member: Member, entry: Entry): Entered {
    const { rooms, roster } = this.parts;
    const seat = this.newSeat(old.name, member, entry);
    seat.joined = old.joined;
    this.vacate(old);
    this.setToken(seat, token);
    roster.remove(old.name, old);
    roster.add(seat.name, seat);
    for (const room of seat.joined) room.replace(old, seat);
    try {
      old.member.replaced();
    } catch (error) {
      this.fault(error);
    }
    return { ok: true, seat, rooms: seat.joined.map((room) => rooms.state(room)) };
  }

  private newSeat(name: string, member: Member, entry: Entry): HubSeat {
    this.flood?.charge(entry.peer, 1);
    this.entered += 1;
    return new HubSeat(this, this.entered, name, member, entry.peer, entry.echo ?? false);
  }

  /** Its handle is dead, its token void, and what it has waiting is refused. */
  private vacate(seat: HubSeat): void {
    seat.vacate();
    const token = this.tokens.get(seat);
    if (token !== undefined) this.sessions.delete(token);
    this.flood?.drop(seat.peer, seat);
  }

  private carryOut<Op extends Command["op"]>(
    seat: HubSeat,
    op: Op,
    command: CommandOf<Op>,
  ): Reply<Op> | Promise<Reply<Op>> {
    try {
      const reply = carryOut(this.parts, seat, op, command);
      return reply instanceof Promise ? reply.catch((error: unknown) => this.fail(error)) : reply;
    } catch (error) {
      return this.fail(error);
    }
  }

  private fail(error: unknown): Refusal {
    this.fault(error);
    return failed;
  }
}

const controls = /[\0-\x1f\x7f-\x9f]/;

/** A reason cannot be refused any more: one that no member could have said is told as `left`. */
function presentable(why: string): string {
  return isOver(why, chatLimits.topic) || controls.test(why) || !why.isWellFormed() ? "left" : why;
}
