import { FINAL_BYES } from "../../../../services/messages.ts";
import { backoff } from "../lib/backoff.ts";
import { Link, LinkDown, Refused } from "./link.ts";
import type { Status } from "./state.ts";
import type { ServerEvent } from "./wire.ts";

/** A connection that is being opened or is open. */
export interface Socket {
  send(text: string): void;
  /** `closed` is told afterwards, or never: nobody waits for it. */
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  message(text: string): void;
  closed(): void;
}

/** Runs something later; the answer cancels it. */
export type After = (ms: number, run: () => void) => () => void;

export interface LifelineOptions {
  readonly dial: (events: SocketEvents) => Socket;
  readonly after: After;
  readonly now: () => number;
  /** Says hello and all that belongs to it. @throws Refused when there is no way in */
  readonly enter: (link: Link) => Promise<void>;
  readonly tell: (event: ServerEvent) => void;
  readonly status: (status: Status) => void;
  /** Why a connection cannot even be opened, which a browser does not say: a sentence, or "" where nobody knows. */
  readonly explain: () => Promise<string>;
}

/** The server finds dead peers within 3 minutes; a person notices a dead page sooner. */
const QUIET_MS = 20_000;
const ANSWER_MS = 10_000;

/** Keeps one connection alive: dials, listens for its heart, and dials again, less and less often. */
export class Lifeline {
  #socket: Socket | null = null;
  #link: Link | null = null;
  /** Stays until the new connection has taken its place, so that nobody sees anybody go. */
  #former: Socket | null = null;
  #cancel: () => void = () => {};
  #tries = 0;
  #heard = 0;
  #lastWords = "";
  /** The connection that is dialled has been there. */
  #wasOpen = false;
  /** It will dial again by itself. */
  #isWaiting = false;

  constructor(private readonly options: LifelineOptions) {}

  /** The connection, once the server let this page in; null while there is none. */
  get link(): Link | null {
    return this.#link;
  }

  /** Dials now, whatever was planned; what is open is given up when the new connection is in. */
  dial(): void {
    const { options } = this;
    const former = this.#former ?? this.#socket;
    if (this.#former === null) this.#socket = null;
    this.#former = null;
    this.hangUp();
    this.#former = former;
    options.status({ kind: "connecting" });
    this.#wasOpen = false;
    let socket: Socket | null = null;
    const link = new Link(
      (text) => socket?.send(text),
      (event) => this.#told(event),
    );
    const isCurrent = () => socket !== null && this.#socket === socket;
    socket = options.dial({
      opened: () => isCurrent() && void this.#opened(link),
      message: (text) => {
        if (!isCurrent()) return;
        this.#heard = options.now();
        link.receive(text);
      },
      closed: () => {
        link.close();
        if (isCurrent()) this.#lost();
      },
    });
    this.#socket = socket;
    this.#link = link;
    this.#heard = options.now();
    this.#cancel = options.after(ANSWER_MS, () => this.#lost());
  }

  /** Something happened that may have ended or revived the network: look now. */
  nudge(): void {
    if (this.#isWaiting) {
      this.dial();
    } else if (this.#socket !== null) {
      this.#cancel();
      this.#ask();
    }
  }

  /** Ends the connection, and all that was planned. */
  hangUp(): void {
    this.#cancel();
    this.#cancel = () => {};
    this.#isWaiting = false;
    const [socket, link] = [this.#socket, this.#link];
    this.#socket = null;
    this.#link = null;
    link?.close();
    socket?.close();
    this.#giveUpFormer();
  }

  #giveUpFormer(): void {
    const former = this.#former;
    this.#former = null;
    former?.close();
  }

  /** Goes away because the user wants to. */
  leave(): void {
    this.#end("quit", "");
  }

  async #opened(link: Link): Promise<void> {
    this.#wasOpen = true;
    try {
      await this.options.enter(link);
    } catch (error) {
      if (error instanceof LinkDown || this.#link !== link) return;
      if (!(error instanceof Refused)) throw error;
      this.#end(error.code, error.message);
      return;
    }
    if (this.#link !== link) return;
    this.#tries = 0;
    this.#lastWords = "";
    this.#giveUpFormer();
    this.options.status({ kind: "online" });
    this.#listen();
  }

  #listen(): void {
    this.#cancel();
    // A clock that was put back does not say how long it has been quiet.
    const quiet = this.options.now() - this.#heard;
    const wait = quiet < 0 ? QUIET_MS : QUIET_MS - quiet;
    if (wait <= 0) this.#ask();
    else this.#cancel = this.options.after(wait, () => (quiet < 0 ? this.#ask() : this.#listen()));
  }

  #ask(): void {
    const asked = this.options.now();
    this.#link?.request("ping", {}).catch(() => {});
    this.#cancel = this.options.after(ANSWER_MS, () => {
      if (this.#heard >= asked) this.#listen();
      else this.#lost();
    });
  }

  #told(event: ServerEvent): void {
    if (event.event !== "bye") this.options.tell(event);
    else if (FINAL_BYES.has(event.reason)) this.#end(event.reason, event.text);
    else this.#lastWords = event.text;
  }

  #lost(): void {
    const isRefused = !this.#wasOpen;
    this.hangUp();
    const wait = backoff(this.#tries);
    this.#tries += 1;
    const status = { kind: "offline", retryAt: this.options.now() + wait, text: this.#lastWords } as const;
    this.options.status(status);
    const cancel = this.options.after(wait, () => this.dial());
    this.#cancel = cancel;
    this.#isWaiting = true;
    if (!isRefused) return;
    void this.options.explain().then((text) => {
      if (text !== "" && this.#cancel === cancel) this.options.status({ ...status, text });
    });
  }

  #end(reason: string, text: string): void {
    this.hangUp();
    this.options.status({ kind: "ended", reason, text });
  }
}
