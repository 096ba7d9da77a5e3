import type { Command, Reply } from "../../src/chat/command.ts";
import type { ChatEvent, Codec, Delivery } from "../../src/chat/event.ts";
import { Hub, type HubOptions } from "../../src/chat/hub.ts";
import type { Entry, Member, Seat } from "../../src/chat/member.ts";
import { MemoryLog } from "../../src/chat/memory-log.ts";
import { HandClock } from "../support/hand-clock.ts";

/** A member that writes down what it is told. */
export class Ear implements Member {
  events: ChatEvent[] = [];
  timesReplaced = 0;

  deliver(d: Delivery): void {
    this.events.push(d.event);
  }

  replaced(): void {
    this.timesReplaced += 1;
  }

  /** What was heard since the last time, without times. */
  take(): object[] {
    const heard = this.events.map(({ time: _, ...rest }) => rest);
    this.events = [];
    return heard;
  }

  /** The kinds and texts of what was heard since the last time. */
  said(): string[] {
    return this.take().map((event) => Object.values(event).join(" "));
  }
}

export interface Person {
  readonly ear: Ear;
  readonly seat: Seat;
}

/** A hub on a clock that is moved by hand, without flood limit unless it is given one. */
export function openHub(options: Partial<HubOptions> = {}): { hub: Hub; clock: HandClock } {
  const clock = new HandClock();
  return { hub: new Hub({ log: new MemoryLog(), clock, rate: 0, ...options }), clock };
}

/** Brings somebody in who must be let in. */
export function bring(hub: Hub, entry: Partial<Entry> = {}): Person {
  const ear = new Ear();
  const entered = hub.enter(ear, { peer: "conn-1", ...entry });
  if (!entered.ok) throw new Error(entered.error.message);
  return { ear, seat: entered.seat };
}

/** The answer to a command that must be answered at once. */
export function ask<C extends Command>(seat: Seat, command: C): Reply<C["op"]> {
  const reply = seat.submit(command);
  if (reply instanceof Promise) throw new Error(`${command.op} was not answered at once`);
  return reply;
}

/** The code of a refusal, or `ok`. */
export function outcome(reply: { readonly ok: true } | Extract<Reply, { ok: false }>): string {
  return reply.ok ? "ok" : reply.error.code;
}

/** JSON lines, and how often it was asked to make one. */
export class CountingCodec implements Codec {
  encoded = 0;

  encode(event: ChatEvent): Uint8Array {
    this.encoded += 1;
    return new TextEncoder().encode(JSON.stringify(event));
  }
}
