import type { Store } from "../lib/store.ts";
import { applyEvent, type Circumstances } from "./apply.ts";
import { CatchUp } from "./catch-up.ts";
import { Early } from "./early.ts";
import { ignoreEnds, ignoreRefusals } from "./endings.ts";
import { joinAll, sayHello, sayHelloToFiles, takeOneOf } from "./entering.ts";
import { Lifeline, type LifelineOptions } from "./lifeline.ts";
import { type Link, LinkDown, Refused } from "./link.ts";
import type { Memory } from "./memory.ts";
import { Outbox, type OutboxHost } from "./outbox.ts";
import { isGuest, OwnLines } from "./own-lines.ts";
import { PastReader } from "./past.ts";
import { People } from "./people.ts";
import {
  alike,
  type ChatState,
  changeRoom,
  isChatless,
  isLoginEnded,
  isPrivate,
  LOBBY,
  showing,
  withoutRoom,
  withRooms,
} from "./state.ts";
import { addItem, type Note, trim } from "./timeline.ts";
import type { FilesEvent, Op, Requests, RoomState, ServerEvent } from "./wire.ts";

export interface ChatOptions extends Pick<LifelineOptions, "dial" | "after" | "now" | "explain"> {
  readonly state: Store<ChatState>;
  readonly memory: Memory;
  /** See {@link OutboxHost}. */
  readonly unsure: () => string;
  /** Whether somebody looks at the conversation. */
  readonly attentive: () => boolean;
  readonly onFiles: (event: FilesEvent) => void;
  /** The connection is there (again). */
  readonly onOnline: () => void;
  /** It was ended with the login that it had. */
  readonly onLoginEnded: () => void;
}

const MOST_ITEMS = 2_000;

/** The chat as the views use it: what can be done, and a store with what there is. */
export class Chat implements OutboxHost {
  readonly state: Store<ChatState>;
  readonly outbox = new Outbox(this);
  readonly past: PastReader;
  readonly #lifeline: Lifeline;
  readonly #catchUp: CatchUp;
  readonly #people: People;
  readonly #own: OwnLines;
  readonly #early = new Early();
  /** A connection that has let this page in, while the rooms are still brought up to date. */
  #entered: Link | null = null;
  #keys = 0;
  /** What one is called who has chosen no name: as one's account. */
  #accountName: string | null = null;

  constructor(private readonly options: ChatOptions) {
    this.state = options.state;
    this.#own = new OwnLines(options.memory);
    this.#catchUp = new CatchUp(this.state, () => this.#now());
    this.past = new PastReader(this.state, () => this.link, this.#own);
    this.#people = new People(this.state, options.after, () => this.link);
    this.#lifeline = new Lifeline({
      ...options,
      enter: (link) => this.#enter(link),
      tell: (event) => this.#told(event),
      status: (status) => this.#onStatus(status),
    });
  }

  get link(): Link | null {
    return this.state.value.status.kind === "online" ? this.#lifeline.link : null;
  }

  /** Where all can be asked that need not wait for the history. */
  get #inside(): Link | null {
    return this.link ?? this.#entered;
  }

  unsure(): string {
    return this.options.unsure();
  }

  newKey(): string {
    this.#keys += 1;
    return `k${this.#keys}`;
  }

  connect(): void {
    this.#lifeline.dial();
  }

  /** Leaves, and does not come back by itself. */
  hangUp(): void {
    this.#lifeline.hangUp();
  }

  /**
   * This user has an account, or none any more: who has chosen no name is called by it.
   * @returns when the name is taken, or not to be had
   */
  async logIn(account: string | null): Promise<void> {
    const { memory } = this.options;
    // A name that was the account's alone goes with it.
    if (account === null && this.#accountName !== null && memory.name === null) memory.session = null;
    this.#accountName = account;
    if (this.link !== null) await this.#takeAccountName(this.link).catch(ignoreEnds);
  }

  leave(): void {
    this.#lifeline.leave();
  }

  /** Hears no more of somebody, or hears them again. @returns whether they are ignored now */
  ignore(name: string): boolean {
    const { ignored } = this.state.value;
    const known = alike(ignored, name);
    const next = known === undefined ? [...ignored, name] : ignored.filter((one) => one !== known);
    this.state.update((state) => ({ ...state, ignored: next }));
    return known === undefined;
  }

  nudge(): void {
    this.#lifeline.nudge();
  }

  /** Asks the server. @throws LinkDown, Refused */
  ask<Name extends Op>(op: Name, fields: Requests[Name]["fields"]): Promise<Requests[Name]["answer"]> {
    return this.#inside?.request(op, fields) ?? Promise.reject(new LinkDown("there is no connection"));
  }

  /** Shows a room, and takes all of it for read. */
  show(id: string): void {
    this.state.update((state) => showing(state, id));
    this.attend();
  }

  /** Somebody looks at the room that is shown. */
  attend(): void {
    this.state.update((state) => {
      return changeRoom(state, state.active, (room) =>
        room.unread === 0 ? room : { ...room, unread: 0, called: false },
      );
    });
  }

  /** @throws LinkDown, Refused */
  async join(id: string): Promise<void> {
    const joined = await this.ask("join", { room: id });
    this.#own.begin(this.state.value.name ?? "", [joined]);
    this.show(joined.room);
    this.#remember();
    if (this.#inside !== null) await this.#settle(this.#inside, joined);
  }

  /** @throws LinkDown, Refused */
  async part(room: string): Promise<void> {
    const id = alike(this.state.value.rooms.keys(), room) ?? room;
    if (!isPrivate(id)) await this.ask("part", { room: id });
    this.state.update((state) => withoutRoom(state, id));
    this.#remember();
  }

  /** @throws LinkDown, Refused */
  async rename(wanted: string): Promise<void> {
    const { name } = await this.ask("name", { name: wanted });
    this.options.memory.name = name;
    this.#renamed(name);
  }

  /** @throws LinkDown, Refused */
  async setTopic(room: string, topic: string): Promise<void> {
    const set = await this.ask("topic", { room, topic });
    if (!("seq" in set)) return;
    const { epoch, seq, time } = set;
    this.#told({ event: "topic", room, from: this.state.value.name ?? "", text: set.topic, time, epoch, seq });
  }

  /** Fetches what was said before; does nothing while that is on its way. */
  async older(id: string): Promise<void> {
    const { link } = this;
    const room = this.state.value.rooms.get(id);
    if (link === null || room === undefined || !room.more || room.loading) return;
    const setLoading = (loading: boolean) =>
      this.state.update((now) => changeRoom(now, id, (one) => ({ ...one, loading })));
    setLoading(true);
    await this.#catchUp.older(link, id).catch(ignoreEnds);
    setLoading(false);
  }

  /** Says something to this user alone, in a room. */
  note(room: string, text: string, tone: Note["tone"] = "plain"): void {
    const time = new Date(this.options.now()).toISOString();
    const note: Note = { kind: "note", key: this.newKey(), tone, text, time };
    this.state.update((state) => changeRoom(state, room, (one) => ({ ...one, timeline: addItem(one.timeline, note) })));
  }

  async #enter(link: Link): Promise<void> {
    const { memory } = this.options;
    this.#early.begin();
    const wish = {
      ...memory,
      name: memory.name ?? this.#accountName,
      rooms: memory.rooms.length > 0 ? memory.rooms : [LOBBY],
    };
    const welcome = await sayHello(link, wish).catch((error: unknown) => {
      if (error instanceof Refused && error.code === "denied") return null;
      throw error;
    });
    if (welcome === null) {
      // It may have had a name at a server that was started anew without a chat.
      this.state.update((state) => ({ ...state, name: null }));
      return sayHelloToFiles(link);
    }
    const { name = "", session = null } = welcome;
    memory.session = session;
    const states = await joinAll(link, welcome, memory.rooms);
    this.#own.begin(name, states);
    this.#entered = link;
    this.state.update((state) => withRooms({ ...state, name: state.name ?? name }, states));
    // Another may have its name now; a server that was started anew counts its guests anew.
    this.#renamed(name);
    this.#remember();
    await this.#takeAccountName(link);
    const settled = Promise.all(states.map((room) => this.#settle(link, room).catch(ignoreRefusals)));
    for (const event of this.#early.end()) this.#told(event);
    await settled;
  }

  /** A guest is called as its account, or nearly so where another tab has that name. @throws LinkDown */
  async #takeAccountName(link: Link): Promise<void> {
    const account = this.#accountName;
    const { name } = this.state.value;
    if (account === null || name === null || !isGuest(name) || this.options.memory.name !== null) return;
    const taken = await takeOneOf(link, [account, `${account}_`]);
    if (taken !== null) this.#renamed(taken);
  }

  #renamed(name: string): void {
    const from = this.state.value.name ?? name;
    this.#own.begin(name, []);
    const time = new Date(this.options.now()).toISOString();
    if (from !== name) this.#told({ event: "name", from, to: name, time });
  }

  /** Brings a room up to date that this user has come into. */
  async #settle(link: Link, room: RoomState): Promise<void> {
    await Promise.all([this.#catchUp.enter(link, room), this.#people.fetch(link, room.room)]);
  }

  #told(event: ServerEvent): void {
    if (event.event === "bye") return;
    if (event.event === "files") {
      this.options.onFiles(event);
      return;
    }
    if (this.#early.keeps(event)) return;
    const now = this.#now();
    this.state.update((state) => applyEvent(state, event, now));
    if ("seq" in event) this.#followUp(event.room, event);
    if (event.event === "notice" && event.room !== undefined) this.#people.recount(event.room);
  }

  #now(): Circumstances {
    return { attentive: this.options.attentive(), isMine: (said) => this.#own.has(said), key: this.newKey() };
  }

  #followUp(id: string, event: Parameters<CatchUp["mend"]>[1]): void {
    const { link } = this;
    const timeline = this.state.value.rooms.get(id)?.timeline;
    if (timeline === undefined) return;
    if (link !== null && event.seq > timeline.last) this.#catchUp.mend(link, event).catch(ignoreEnds);
    if (timeline.items.length <= MOST_ITEMS || !this.options.attentive()) return;
    this.state.update((state) => {
      return changeRoom(state, id, (room) => ({ ...room, timeline: trim(room.timeline, MOST_ITEMS / 2), more: true }));
    });
  }

  #onStatus(status: ChatState["status"]): void {
    this.#entered = null;
    this.state.update((state) => {
      // What was missed is found while it comes in, and must be told also if that takes a second connection.
      const isLeaving = state.status.kind === "online" && status.kind !== "online";
      return { ...state, status, missed: state.missed && !isLeaving };
    });
    if (isLoginEnded(status)) this.options.onLoginEnded();
    if (status.kind !== "online") return;
    if (!isChatless(this.state.value)) for (const id of this.state.value.rooms.keys()) this.outbox.reconcile(id);
    this.options.onOnline();
  }

  #remember(): void {
    this.options.memory.rooms = [...this.state.value.rooms.keys()].filter((id) => !isPrivate(id));
  }
}
