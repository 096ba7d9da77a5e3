import { FINAL_REFUSALS } from "../../../protocols/services/messages.ts";
import type { Clock } from "../../clock.ts";
import { errorOf } from "../../thrown.ts";
import { backoff } from "../backoff.ts";
import { type Endpoint, isUntrusted } from "../endpoint.ts";
import { type Answer, type Fields, isRoomEvent, listOf, Refused, textOf } from "../messages.ts";
import { patientClock } from "../patient-clock.ts";
import { ConnectionLost, type Wire } from "../wire.ts";
import { type Delivered, Gate, ownEvent } from "./delivered.ts";
import { type Entered, enter, type Identity } from "./entry.ts";
import { type Absence, comeHome, type Homecoming } from "./homecoming.ts";
import { Link } from "./link.ts";
import { RoomProgress } from "./room-progress.ts";
import { Speech } from "./speech.ts";
import { Unsure } from "./utterance.ts";

export interface SessionListener {
  /** What there is to show: each event once, a room's in the order of its numbers. */
  event(delivered: Delivered): void;
  /** The connection is gone, or attempt 1, 2 … to get it back has failed; the next is in `retryMs`. */
  lost(why: Error, retryMs: number, attempt: number): void;
  /** The connection is back; what was missed follows. */
  back(absence: Absence): void;
  /** Something about the session that its owner should know. */
  notice(text: string): void;
}

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  readonly listener: SessionListener;
  /** How many of a room's last events are shown on coming in. */
  readonly recent?: number;
  readonly clock?: Clock;
}

function isFinal(error: unknown): boolean {
  return isUntrusted(error) || (error instanceof Refused && FINAL_REFUSALS.has(error.code));
}

/** How long the server may take to notice that one leaves. */
const GOODBYE_MS = 2_000;

/**
 * Presence in the chat that outlives connections: it comes back by itself under the same name into the same rooms, asks
 * for what it missed and drops doubles, so that nothing is lost and nothing told twice. A message whose answer was lost is
 * looked for in the history, and sent again only when it is certain that it never arrived.
 */
export class ChatSession {
  /** The rooms one is in, as the server spells them, in the order of joining. */
  readonly rooms = new Map<string, RoomProgress>();
  /** Failed attempts to come back after which the session ends. */
  attempts = Number.POSITIVE_INFINITY;
  #name = "";
  private token = "";
  /** The connection while hello was said on it and it lives. */
  private link: Link | null = null;
  private readonly leaving = new AbortController();
  private stopWaiting = () => {};
  private readonly gate = new Gate((delivered) => this.show(delivered));
  private readonly speech = new Speech(
    () => this.#name,
    (delivered) => this.gate.pass(delivered),
  );
  readonly #ended = Promise.withResolvers<Error | null>();
  private readonly clock: Clock;

  private constructor(private readonly o: SessionOptions) {
    this.clock = o.clock ?? patientClock;
  }

  /** Connects and says hello. Rejects when that fails; what fails later is mended, or told by `ended`. */
  static async open(o: SessionOptions): Promise<ChatSession> {
    const session = new ChatSession(o);
    await session.connect((wire) => session.arrive(wire));
    return session;
  }

  get name(): string {
    return this.#name;
  }

  get endpoint(): Endpoint {
    return this.o.endpoint;
  }

  /** Whether one has said that one leaves. */
  get left(): boolean {
    return this.leaving.signal.aborted;
  }

  get online(): boolean {
    return this.link !== null;
  }

  /** Settles when the session is over: null after `leave`, else why it cannot be had back. */
  get ended(): Promise<Error | null> {
    return this.#ended.promise;
  }

  /**
   * Says something in a room: now, or as soon as the connection is back. Resolves when the room has it; rejects with
   * Refused when it never will, with {@link Unsure} when nobody knows.
   */
  speak(op: "say" | "act", room: string, text: string): Promise<void> {
    const utterance = this.speech.add(op, room, text);
    if (this.left) this.leave();
    else if (this.link) this.speech.sendAll(this.link.wire);
    return utterance.settled;
  }

  /** Any other request. Rejects with Refused, or with ConnectionLost when there is no connection. */
  ask(op: string, fields: Fields = {}): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (!this.link) reject(new ConnectionLost("there is no connection at the moment"));
    this.link?.wire.send(op, fields, (outcome) => {
      if (outcome instanceof Error) reject(outcome);
      else {
        this.note(op, fields, outcome);
        resolve(outcome);
      }
    });
    return promise;
  }

  /** Joins a room and shows its last events; gives the room's name as the server spells it. */
  async join(room: string): Promise<string> {
    this.gate.hold();
    try {
      const progress = RoomProgress.of(await this.ask("join", { room }));
      if (!this.rooms.has(progress.room) && this.link) await this.settleIn(progress, this.link.wire);
      return progress.room;
    } finally {
      this.gate.release();
    }
  }

  /** Leaves the chat; `ended` settles when the server has taken note, at the latest after two seconds. */
  leave(): void {
    this.leaving.abort();
    this.stopWaiting();
    const link = this.link;
    if (link === null) return;
    link.wire.finish();
    void this.ended.then(this.clock.after(GOODBYE_MS, () => link.wire.close()));
  }

  /** Opens a connection; `arrive` says hello on it. Events wait until it is done. */
  private async connect(arrive: (wire: Wire) => Promise<void>): Promise<void> {
    this.gate.hold();
    try {
      const link = await Link.open(
        this.o.endpoint,
        this.clock,
        {
          event: (event, body) => this.gate.pass({ event, own: false, body }),
          closed: (why) => this.closed(link, why),
        },
        this.leaving.signal,
        arrive,
      );
      this.link = link;
    } finally {
      this.gate.release();
    }
    if (this.left) this.leave();
    else if (this.link) this.speech.sendAll(this.link.wire);
  }

  private async arrive(wire: Wire): Promise<void> {
    const entered = await enter(wire, { ...this.o.identity, ...this.o.endpoint.login });
    this.take(entered);
    for (const progress of entered.rooms) await this.settleIn(progress, wire);
  }

  /** The first events of a room that one was not in before. */
  private async settleIn(progress: RoomProgress, wire: Wire): Promise<void> {
    this.rooms.set(progress.room, progress);
    const { recent = 0, listener } = this.o;
    if (recent === 0 || progress.seq === 0) return;
    const page = await wire.ask("history", { room: progress.room, limit: recent });
    for (const event of listOf(page, "events").filter(isRoomEvent)) {
      progress.accept(event);
      listener.event({ event, own: false, body: null });
    }
  }

  /** What the answers to other requests mean for the session. */
  private note(op: string, fields: Fields, answer: Answer): void {
    const room = textOf(fields, "room");
    if (op === "name") this.#name = textOf(answer, "name");
    if (op === "part") this.rooms.delete(room);
    if (op !== "topic" || fields["topic"] === undefined) return;
    const own = ownEvent("topic", room, this.#name, textOf(answer, "topic"), answer);
    if (own) this.gate.pass(own);
  }

  private show(delivered: Delivered): void {
    const { event } = delivered;
    if (isRoomEvent(event) && this.rooms.get(event.room)?.accept(event) === false) return;
    this.o.listener.event(delivered);
  }

  private closed(link: Link, why: Error): void {
    if (this.link === link) this.link = null;
    if (this.left) this.end(null);
    else void this.comeBack(why, link.final);
  }

  private async comeBack(why: Error, final: boolean): Promise<void> {
    let reason = why;
    for (let attempt = 1; attempt <= this.attempts && !this.left && !final; attempt++) {
      const ms = backoff(attempt);
      this.o.listener.lost(reason, ms, attempt);
      await this.wait(ms);
      if (this.left) break;
      try {
        await this.connect((wire) => this.return(wire));
        return;
      } catch (error) {
        reason = errorOf(error);
        if (isFinal(error)) break;
      }
    }
    this.end(this.left ? null : reason);
  }

  private async return(wire: Wire): Promise<void> {
    const before = { name: this.#name, session: this.token, rooms: this.rooms, login: this.o.endpoint.login };
    this.resume(await comeHome(wire, before, this.speech));
  }

  private resume({ entered, absence, events, stood, verdicts, notices, closed }: Homecoming): void {
    const { listener } = this.o;
    this.take(entered);
    listener.back(absence);
    for (const notice of notices) listener.notice(notice);
    for (const delivered of events) this.show(delivered);
    for (const now of stood) this.rooms.get(now.room)?.catchUpWith(now);
    for (const judged of verdicts) this.speech.apply(judged);
    for (const [room, refused] of closed) {
      this.rooms.delete(room);
      this.speech.abandon(refused, room);
      listener.notice(`you are not in ${room} any more: ${refused.message}`);
    }
  }

  private take(entered: Entered): void {
    this.#name = entered.name;
    this.token = entered.session;
  }

  private wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.clock.after(ms, resolve);
    this.stopWaiting = () => {
      cancel();
      resolve();
    };
    return promise;
  }

  private end(why: Error | null): void {
    this.speech.abandon(why ?? new Unsure("the chat was left before the answer came"));
    this.#ended.resolve(why);
  }
}
