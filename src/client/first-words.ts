import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import type { Target } from "../net/address.ts";
import { formatTarget } from "./target.ts";

/** What a server that greets its peers may need before it does, in milliseconds, beside a round trip. */
const SLOW_MS = 50;
const LONGEST_MS = 1_000;

/** How servers begin that are no echo: tincan's chat, FTP and mail with a code, IRC, SSH, telnet's negotiation. */
const OTHERS = /^(-- |\d{3}[ -]|[:@]|SSH-|\xff)/;

/**
 * Few echoes speak first; most others that a wrong port leads to do, the chat for one, and what they are sent then is said
 * there. So whoever connects to an echo listens for a moment before it sends anything.
 */
export class FirstWords {
  private readonly settled = Promise.withResolvers<void>();
  private readonly began = performance.now();
  private words: Uint8Array | null = null;
  private over = false;

  /** Made before connecting. */
  constructor(private readonly target: Target) {}

  /** Something came, or the connection has ended: there is nothing more to wait for. */
  hear(chunk: Uint8Array | null): void {
    if (!this.over) this.words ??= chunk;
    this.settled.resolve();
  }

  /**
   * Listens for about a round trip, which is what connecting took. What an echo's greeting could be is let pass.
   * @throws CommandError (1) when the server has spoken as another one does
   */
  async listen(): Promise<void> {
    const ms = Math.min(LONGEST_MS, performance.now() - this.began + SLOW_MS);
    const timer = setTimeout(this.settled.resolve, ms);
    await this.settled.promise;
    clearTimeout(timer);
    this.over = true;
    if (this.words === null || !OTHERS.test(Buffer.from(this.words).toString("latin1"))) return;
    const said = quote(Buffer.from(this.words).toString().trim(), 60);
    const why = `${formatTarget(this.target)} is no echo: it said ${said} first, and was sent nothing`;
    throw new CommandError(Exit.failed, `${why}; the echo door's port is 8407 by default`);
  }
}
