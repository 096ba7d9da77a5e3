import type { Outside } from "../../../src/chat/outside.ts";
import type { Clock } from "../../../src/clock.ts";
import type { PushOut } from "../wire/reply.ts";
import { EventCodec } from "./event-text.ts";

/** Proxies and browsers give up on a connection on which nothing comes; many of them after 30 s. */
const PING_MS = 20_000;
const PING = ": ping\n\n";

/** What all who follow rooms share: the forms of events, one buffer for many, and the sign of life in silence. */
export class Feed {
  private readonly chunked = new EventCodec(true);
  private readonly plain = new EventCodec(false);
  private readonly outs = new Set<PushOut>();
  private stopPinging: (() => void) | null = null;

  constructor(
    readonly chat: Outside,
    private readonly clock: Clock,
  ) {}

  codecOf({ chunked }: PushOut): EventCodec {
    return chunked ? this.chunked : this.plain;
  }

  add(out: PushOut): void {
    this.outs.add(out);
    this.stopPinging ??= this.clock.after(PING_MS, () => this.ping());
  }

  remove(out: PushOut): void {
    this.outs.delete(out);
    if (this.outs.size > 0) return;
    this.stopPinging?.();
    this.stopPinging = null;
  }

  private ping(): void {
    this.stopPinging = this.clock.after(PING_MS, () => this.ping());
    const [chunked, plain] = [this.chunked.frame(PING), this.plain.frame(PING)];
    for (const out of this.outs) out.send(out.chunked ? chunked : plain);
  }
}
