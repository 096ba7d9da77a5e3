import { history, rooms, search } from "./asking.ts";
import type { CommandOf, Refusal, Reply, RoomState } from "./command.ts";
import type { Flood } from "./flood.ts";
import { GuestNames } from "./guest-names.ts";
import type { Query, Range } from "./history.ts";
import type { Follower, Peer } from "./member.ts";
import type { Parts } from "./parts.ts";
import { noSuchRoom, refuse } from "./refusal.ts";
import { publish } from "./speaking.ts";
import { messageText, refuseText, searchText } from "./text.ts";

type Late<T> = T | Promise<T>;

/** Nobody hears it. */
const GONE = refuse("denied", "who wanted to say it has gone");

/** Words from outside. */
export interface Post {
  /** With its `#`. */
  readonly room: string;
  readonly kind: "message" | "action";
  readonly text: string;
  /** The name that was asked for: refused when somebody who is here has it. */
  readonly name?: string;
  /** The name that it has anyhow, its account's: where somebody here has it, one like it is taken. */
  readonly usual: string | null;
  /** Whether who asked for it has gone, and would not hear that it was said: then it is not, where the flood limit held it up. */
  readonly gone?: () => boolean;
  /** Who counts for the flood limit, and who has the same guest name for some minutes. */
  readonly peer: Peer;
}

/** What was said, as the room has numbered it. */
export interface Posted {
  readonly ok: true;
  readonly name: string;
  readonly epoch: string;
  readonly seq: number;
  readonly time: string;
}

export interface Following {
  readonly ok: true;
  readonly state: RoomState;
  /** Nothing more is heard after this. */
  stop(): void;
}

/**
 * The chat for those who do not come in: they read, listen and say a word, nobody sees them come and go, and no list has
 * them. The same names, texts and limits hold as inside.
 */
export class Outside {
  private readonly guests: GuestNames;
  /** What the flood limit holds up, and whose it is. */
  private readonly held = new Map<object, Peer>();
  private stopping = false;

  constructor(
    private readonly parts: Parts,
    private readonly flood: Flood | null,
  ) {
    this.guests = new GuestNames(parts.clock, () => parts.roster.guest());
  }

  /** Whether what is said is kept, so that it can be searched. */
  get searchable(): boolean {
    return this.parts.log.searchable;
  }

  /** How many posts of a peer the flood limit holds up at this moment. */
  waitingOf(peer: Peer): number {
    return this.flood?.waitingOf(peer) ?? 0;
  }

  rooms(command: Omit<CommandOf<"rooms">, "op">): Reply<"rooms"> {
    return rooms(this.parts, null, { op: "rooms", ...command });
  }

  /** Where a room stands. */
  state(name: string): ({ readonly ok: true } & RoomState) | Refusal {
    const { rooms } = this.parts;
    const room = rooms.find(name);
    return room === undefined ? noSuchRoom(name) : { ok: true, ...rooms.state(room) };
  }

  history(name: string, range: Range): Late<Reply<"history">> {
    const room = this.parts.rooms.find(name);
    if (room === undefined) return noSuchRoom(name);
    return history(this.parts, null, { op: "history", room: name, ...range }, room);
  }

  /** Looks for words in a room. A promise, which the flood limit delays too, where something is kept. */
  search(name: string, query: Query, peer: Peer): Late<Reply<"search">> {
    const room = this.parts.rooms.find(name);
    if (room === undefined) return noSuchRoom(name);
    const refused = refuseText(query.text, searchText);
    if (refused !== null) return refused;
    return this.inTurn(peer, () => search(this.parts, null, { op: "search", room: name, ...query }, room));
  }

  /** Says something in a room. A promise when the flood limit delays it. */
  post(post: Post): Late<Posted | Refusal> {
    return this.inTurn(post.peer, () => (post.gone?.() ? GONE : this.say(post)));
  }

  /** Lets somebody hear what happens in a room, from the event behind the `seq` of the state on. */
  follow(name: string, follower: Follower): Following | Refusal {
    const { rooms } = this.parts;
    const room = rooms.find(name);
    if (room === undefined) return noSuchRoom(name);
    const stop = rooms.follow(room, follower);
    return { ok: true, state: rooms.state(room), stop };
  }

  /** The server stops: what waits is done now, because nobody waits for it any longer, and nothing waits from now on. */
  stop(): void {
    this.stopping = true;
    for (const [owner, peer] of this.held) this.flood?.drop(peer, owner);
  }

  /** Does what counts for the flood limit: now, or when that lets it. */
  private inTurn<T>(peer: Peer, work: () => Late<T>): Late<T> {
    const { flood } = this;
    const owner = {};
    if (flood === null || this.stopping || flood.admit(peer, owner, 1)) return work();
    this.held.set(owner, peer);
    const late = async () => work();
    return new Promise((resolve) => {
      const go = () => {
        this.held.delete(owner);
        resolve(late());
      };
      flood.wait(peer, { owner, cost: 1, go, drop: go });
    });
  }

  private say(post: Post): Posted | Refusal {
    const { parts } = this;
    const room = parts.rooms.find(post.room);
    if (room === undefined) return noSuchRoom(post.room);
    const refused = refuseText(post.text, messageText);
    if (refused !== null) return refused;
    const named = this.nameOf(post);
    if (!named.ok) return named;
    const { name } = named;
    const { epoch, seq, time } = publish(parts, { name, except: null }, room, post.kind, post.text);
    return { ok: true, name, epoch, seq, time };
  }

  private nameOf({ name, usual, peer }: Post): { readonly ok: true; readonly name: string } | Refusal {
    const { roster } = this.parts;
    if (name !== undefined) return roster.check(name, null);
    return { ok: true, name: usual === null ? this.guests.of(peer) : roster.nearest(usual) };
  }
}
