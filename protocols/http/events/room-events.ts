import type { RoomState } from "../../../src/chat/command.ts";
import type { Delivery } from "../../../src/chat/event.ts";
import type { Page } from "../../../src/chat/history.ts";
import { chatLimits } from "../../../src/chat/limits.ts";
import type { Follower } from "../../../src/chat/member.ts";
import type { Following } from "../../../src/chat/outside.ts";
import type { PushBody, PushOut } from "../wire/reply.ts";
import { chatEventText, eventText, type Position } from "./event-text.ts";
import type { Feed } from "./feed.ts";

/** A browser that was cut off comes back after so many milliseconds. */
const RETRY_MS = 2_000;
const BYE = { reason: "shutdown", text: "the server is shutting down" };

/**
 * What happens in a room, told to somebody who only listens: first where the room stands, then what was missed since the
 * position that it gives, then everything as it comes. Nothing is lost or told twice in between, because history is read
 * until it has no more, and only then what comes is told.
 */
export class RoomEvents implements PushBody, Follower {
  private out: PushOut | null = null;
  private following: Following | null = null;
  private last: Position;
  /** What has a number comes from history yet. */
  private behind = true;

  /** @param from null: from now on */
  constructor(
    private readonly feed: Feed,
    private readonly room: string,
    private readonly from: Position | null,
  ) {
    this.last = { epoch: "", seq: 0 };
  }

  open(out: PushOut): void {
    const following = this.feed.chat.follow(this.room, this);
    if (!following.ok) {
      out.end();
      return;
    }
    this.out = out;
    this.following = following;
    this.feed.add(out);
    const { state } = following;
    this.last = startOf(this.from, state);
    this.say(`retry: ${RETRY_MS}\n${eventText("room", state, this.last)}`);
    this.behind = this.last.seq < state.seq;
    if (this.behind) void this.catchUp().catch(() => this.cancel());
  }

  finish(): void {
    this.say(eventText("bye", BYE, null));
    this.cancel();
  }

  cancel(): void {
    const { out } = this;
    if (out === null) return;
    this.out = null;
    this.following?.stop();
    this.feed.remove(out);
    out.end();
  }

  deliver(d: Delivery): void {
    const { out } = this;
    if (out === null) return;
    const { event } = d;
    if ("seq" in event) {
      if (this.behind) return;
      this.last = event;
    }
    out.send(d.as(this.feed.codecOf(out)));
  }

  private async catchUp(): Promise<void> {
    while (this.behind && this.out !== null) {
      const page = await this.feed.chat.history(this.room, { after: this.last.seq });
      // The room has vanished; should it be opened anew, all of it is heard.
      if (!page.ok || this.tell(page)) this.behind = false;
      else if ((await this.out?.drained()) !== true) return;
    }
  }

  /** Tells a page of history. True: nothing came meanwhile that it has not. */
  private tell({ events, oldest, next }: Page): boolean {
    const [first] = events;
    // The counting has begun anew while the page was read.
    if (first !== undefined && first.epoch !== this.last.epoch) this.last = { epoch: first.epoch, seq: 0 };
    const { epoch, seq } = this.last;
    const told = events.filter((event) => event.seq > seq);
    if (oldest > seq + 1) this.skip({ epoch, seq: oldest - 1 });
    if (told.length > 0) this.say(told.map(chatEventText).join(""));
    this.last = told.at(-1) ?? this.last;
    return next === null && (told.length === 0 || this.isLatest(this.last));
  }

  /** Nobody remembers what was said before this. */
  private skip(to: Position): void {
    const gap = { room: this.room, epoch: to.epoch, from: this.last.seq + 1, to: to.seq };
    this.say(eventText("gap", gap, to));
    this.last = to;
  }

  private isLatest({ epoch, seq }: Position): boolean {
    const state = this.feed.chat.state(this.room);
    return !state.ok || (state.epoch === epoch && state.seq <= seq);
  }

  private say(text: string): void {
    const { out } = this;
    if (out !== null) out.send(this.feed.codecOf(out).frame(text));
  }
}

/** Behind which event somebody begins. What a new counting has is new to who knows an old one, but not all that is kept. */
function startOf(from: Position | null, { epoch, seq }: RoomState): Position {
  if (from === null) return { epoch, seq };
  if (from.epoch !== epoch && from.epoch !== "") return { epoch, seq: Math.max(0, seq - chatLimits.history) };
  return { epoch, seq: Math.min(from.seq, seq) };
}
