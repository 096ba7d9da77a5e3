import type { Delivery } from "../../../src/chat/event.ts";
import type { Follower } from "../../../src/chat/member.ts";
import type { Following } from "../../../src/chat/outside.ts";
import type { PushBody, PushOut } from "../wire/reply.ts";
import { Backlog, type Piece } from "./backlog.ts";
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
  /** What has a number comes from history, until this is null. */
  private backlog: Backlog | null = null;

  /** @param from null: from now on */
  constructor(
    private readonly feed: Feed,
    private readonly room: string,
    private readonly from: Position | null,
  ) {}

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
    const backlog = new Backlog(this.from, state);
    this.say(`retry: ${RETRY_MS}\n${eventText("room", state, backlog.position)}`);
    if (backlog.seq < state.seq) void this.catchUp(backlog).catch(() => this.cancel());
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
    if (out === null || (this.backlog !== null && "seq" in d.event)) return;
    out.send(d.as(this.feed.codecOf(out)));
  }

  private async catchUp(backlog: Backlog): Promise<void> {
    const { chat } = this.feed;
    this.backlog = backlog;
    while (this.out !== null) {
      const page = await chat.history(this.room, { after: backlog.seq });
      const now = chat.state(this.room);
      // The room has vanished; should it be opened anew, all of it is heard.
      if (!page.ok || !now.ok || this.tell(backlog.take(page, now))) break;
      if ((await this.out?.drained()) !== true) return;
    }
    this.backlog = null;
  }

  /** True: that was all, and nothing came meanwhile. */
  private tell({ told, gap, whole }: Piece): boolean {
    if (gap !== null) this.say(eventText("gap", { room: this.room, ...gap }, null));
    if (told.length > 0) this.say(told.map(chatEventText).join(""));
    return whole;
  }

  private say(text: string): void {
    const { out } = this;
    if (out !== null) out.send(this.feed.codecOf(out).frame(text));
  }
}
