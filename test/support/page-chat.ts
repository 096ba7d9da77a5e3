import { Chat } from "../../protocols/http/page/app/chat/client.ts";
import type { Memory } from "../../protocols/http/page/app/chat/memory.ts";
import { type ChatState, initialChat, LOBBY, type Room } from "../../protocols/http/page/app/chat/state.ts";
import type { FilesEvent } from "../../protocols/http/page/app/chat/wire.ts";
import { dialer } from "../../protocols/http/page/app/lib/dial.ts";
import { Store } from "../../protocols/http/page/app/lib/store.ts";
import { until } from "./deadline.ts";

/** Waits of the page are so much shorter here. */
const HASTE = 50;
/** But not that for an answer, and longer ones: a busy machine needs some time for it. */
const LONG_MS = 10_000;
const LESS_HASTE = 4;

/** The page's chat without a browser: the code that browsers run, over a real WebSocket. */
export class PageChat implements Disposable {
  readonly chat: Chat;
  readonly memory: Memory;
  readonly files: FilesEvent[] = [];
  /** How often it has come in. */
  entered = 0;
  attentive = true;
  private readonly timers = new Set<Timer>();
  private closed = false;

  constructor(port: number, memory: Partial<Memory> = {}) {
    this.memory = { name: null, rooms: [], session: null, guestSince: {}, ...memory };
    this.chat = new Chat({
      state: new Store<ChatState>(initialChat),
      memory: this.memory,
      dial: dialer(`http://127.0.0.1:${port}/`),
      after: (ms, run) => this.after(ms / (ms < LONG_MS ? HASTE : LESS_HASTE), run),
      now: Date.now,
      unsure: () => "unsure",
      explain: async () => "",
      attentive: () => this.attentive,
      onFiles: (event) => this.files.push(event),
      onLoginEnded() {},
      onOnline: () => {
        this.entered += 1;
      },
    });
    this.chat.connect();
  }

  static async open(port: number, memory: Partial<Memory> = {}): Promise<PageChat> {
    const page = new PageChat(port, memory);
    await page.online();
    return page;
  }

  get state(): ChatState {
    return this.chat.state.value;
  }

  room(id = LOBBY): Room {
    const room = this.state.rooms.get(id);
    if (room === undefined) throw new Error(`${id} is not among ${[...this.state.rooms.keys()].join(", ")}`);
    return room;
  }

  /** The texts of a room's numbered events, from top to bottom. */
  texts(id = LOBBY): readonly string[] {
    return this.room(id).timeline.items.flatMap((item) => (item.kind === "said" ? [item.event.text] : []));
  }

  online(): Promise<void> {
    return this.is("online");
  }

  /** Until it has noticed that the connection is gone. */
  offline(): Promise<void> {
    return this.is("offline");
  }

  /** Until a room has this text. */
  hears(text: string, id = LOBBY): Promise<void> {
    return until(
      () => this.texts(id).includes(text),
      () => `${JSON.stringify(text)} in ${id}; there is ${JSON.stringify(this.texts(id).slice(-5))}`,
    );
  }

  [Symbol.dispose](): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.chat.hangUp();
  }

  private is(kind: "online" | "offline"): Promise<void> {
    return until(
      () => this.state.status.kind === kind,
      () => `the page to be ${kind}; it is ${JSON.stringify(this.state.status)}`,
    );
  }

  private after(ms: number, run: () => void): () => void {
    if (this.closed) return () => {};
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.timers.delete(timer);
    };
  }
}
