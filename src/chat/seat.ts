import type { Command, CommandOf, Reply } from "./command.ts";
import type { Member, Seat } from "./member.ts";
import { roomKey } from "./names.ts";
import type { Occupant, Room } from "./room.ts";

/** What a seat is a handle of. */
export interface SeatHost {
  submit<Op extends Command["op"]>(seat: HubSeat, op: Op, command: CommandOf<Op>): Reply<Op> | Promise<Reply<Op>>;
  leave(seat: HubSeat, why: string): void;
  sessionOf(seat: HubSeat): string;
}

/** A member's place in the hub. There may be 10,000, so it has few fields, and what is rarely asked is made when asked. */
export class HubSeat implements Seat, Occupant {
  readonly member: Member;
  readonly peer: string;
  readonly echo: boolean;
  name: string;
  /** False once it left, or another connection took its place. */
  present = true;
  /** The rooms it is in, in the order of joining. */
  joined: Room[] = [];
  /** The session token, once somebody asked for it. */
  token: string | null = null;
  readonly #host: SeatHost;
  readonly #number: number;

  constructor(host: SeatHost, number: number, name: string, member: Member, peer: string, echo: boolean) {
    this.#host = host;
    this.#number = number;
    this.name = name;
    this.member = member;
    this.peer = peer;
    this.echo = echo;
  }

  get id(): string {
    return `m${this.#number}`;
  }

  get session(): string {
    return this.#host.sessionOf(this);
  }

  get rooms(): readonly string[] {
    return this.joined.map((room) => room.name);
  }

  submit<C extends Command>(command: C): Reply<C["op"]> | Promise<Reply<C["op"]>> {
    return this.#host.submit<C["op"]>(this, command.op, command);
  }

  /** The room of this name, however its case is, if this member is in it. */
  roomOf(name: string): Room | undefined {
    for (const room of this.joined) if (room.name === name) return room;
    const key = roomKey(name);
    return this.joined.find((room) => room.key === key);
  }

  leave(why: string): void {
    this.#host.leave(this, why);
  }
}
