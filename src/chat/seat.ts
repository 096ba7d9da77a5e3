import type { Command, CommandOf, Refusal, Reply } from "./command.ts";
import type { Member, Peer, Seat } from "./member.ts";
import { roomKey } from "./names.ts";
import { refuse } from "./refusal.ts";
import type { Occupant, Room } from "./room.ts";

/** What a seat is a handle of. */
export interface SeatHost {
  submit<Op extends Command["op"]>(seat: HubSeat, op: Op, command: CommandOf<Op>): Reply<Op> | Promise<Reply<Op>>;
  leave(seat: HubSeat, why: string): void;
  sessionOf(seat: HubSeat): string;
  /** Whether somebody in the chat has this name. */
  has(name: string): boolean;
}

/** The answer to a command of somebody who is not there any more. */
export const gone: Refusal = refuse("denied", "you have left the chat; enter it again");

/**
 * A member's place in the hub: 81 bytes, with one field more 113. There may be 10,000, so what is rarely asked for is not
 * kept here.
 */
export class HubSeat implements Seat, Occupant {
  readonly member: Member;
  readonly peer: Peer;
  readonly echo: boolean;
  name: string;
  /** The rooms it is in, in the order of joining. The array is never changed, only exchanged. */
  joined: readonly Room[] = nowhere;
  private readonly number: number;
  /** Null once it left, or another connection took its place. */
  private host: SeatHost | null;

  constructor(host: SeatHost, number: number, name: string, member: Member, peer: Peer, echo: boolean) {
    this.host = host;
    this.number = number;
    this.name = name;
    this.member = member;
    this.peer = peer;
    this.echo = echo;
  }

  get id(): string {
    return `m${this.number}`;
  }

  get session(): string {
    return this.host?.sessionOf(this) ?? "";
  }

  get rooms(): readonly string[] {
    return this.joined.map((room) => room.name);
  }

  submit<C extends Command>(command: C): Reply<C["op"]> | Promise<Reply<C["op"]>> {
    return this.host === null ? gone : this.host.submit<C["op"]>(this, command.op, command);
  }

  meets(name: string): boolean {
    return this.host?.has(name) ?? false;
  }

  leave(why: string): void {
    this.host?.leave(this, why);
  }

  /** From here on it gives no commands. */
  vacate(): void {
    this.host = null;
  }

  /** The room of this name, however its case is, if this member is in it. */
  roomOf(name: string): Room | undefined {
    for (const room of this.joined) if (room.name === name) return room;
    const key = roomKey(name);
    return this.joined.find((room) => room.key === key);
  }
}

const nowhere: readonly Room[] = [];
