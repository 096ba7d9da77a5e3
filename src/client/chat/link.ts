import { FINAL_BYES } from "../../../protocols/services/messages.ts";
import type { Clock } from "../../clock.ts";
import type { Endpoint } from "../endpoint.ts";
import { Heartbeat } from "../heartbeat.ts";
import { textOf, type WireEvent } from "../messages.ts";
import { ConnectionLost, Wire, type WireListener } from "../wire.ts";

/** How long saying hello and catching up may take. */
const ARRIVAL_MS = 30_000;

export interface LinkListener {
  event: WireListener["event"];
  /** Once, and only after `open` has resolved. */
  closed(why: Error): void;
}

/** One connection on which hello was said: watched by a heartbeat, and it remembers the server's last words. */
export class Link {
  private goodbye: WireEvent | null = null;
  private heartbeat: Heartbeat | null = null;
  private opened = false;
  #wire: Wire | null = null;

  private constructor(private readonly listener: LinkListener) {}

  /**
   * Connects and lets `arrive` say hello. Rejects when either fails or `signal` is aborted; the server's own words tell
   * why, if it had any.
   */
  static async open(
    { target, trust }: Pick<Endpoint, "target" | "trust">,
    clock: Clock,
    listener: LinkListener,
    signal: AbortSignal,
    arrive: (wire: Wire) => Promise<void>,
  ): Promise<Link> {
    const link = new Link(listener);
    const wire = await Wire.connect(
      target,
      {
        event: (event, body) => link.event(event, body),
        closed: (error) => link.closed(error),
      },
      { clock, signal, trust },
    );
    link.#wire = wire;
    const abort = () => wire.close();
    signal.addEventListener("abort", abort);
    const cancel = clock.after(ARRIVAL_MS, () => wire.close(new Error("the server does not answer")));
    try {
      await arrive(wire);
      if (!wire.open) throw new ConnectionLost("the server closed the connection");
    } catch (error) {
      wire.close();
      throw error instanceof ConnectionLost ? link.why(error.cause) : error;
    } finally {
      cancel();
      signal.removeEventListener("abort", abort);
    }
    link.heartbeat = new Heartbeat(clock, wire);
    link.opened = true;
    return link;
  }

  get wire(): Wire {
    if (this.#wire === null) throw new Error("a link is not used before it is open");
    return this.#wire;
  }

  /** The server does not want to see us again. */
  get final(): boolean {
    return this.goodbye !== null && FINAL_BYES.has(textOf(this.goodbye, "reason"));
  }

  private event(event: WireEvent, body: Uint8Array): void {
    if (event.event === "bye") this.goodbye = event;
    this.listener.event(event, body);
  }

  private closed(error: Error | null): void {
    this.heartbeat?.stop();
    if (this.opened) this.listener.closed(this.why(error));
  }

  private why(error: unknown): Error {
    const words = textOf(this.goodbye ?? {}, "text");
    if (words !== "") return new Error(words);
    return error instanceof Error ? error : new Error("the server closed the connection");
  }
}
