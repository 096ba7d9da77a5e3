import { quote } from "../../bytes/text.ts";
import { Ignored } from "../../chat/ignored.ts";
import type { Delivered } from "../../client/chat/delivered.ts";
import type { Absence } from "../../client/chat/homecoming.ts";
import { People } from "../../client/chat/people.ts";
import type { ChatSession } from "../../client/chat/session.ts";
import { Unsure } from "../../client/chat/utterance.ts";
import { notice, wordsOf } from "../../client/chat/words.ts";
import { textOf, textsOf } from "../../client/messages.ts";
import { plain, type Style } from "../../client/style.ts";
import { messageOf } from "../../thrown.ts";

export const NO_ROOM = "you are in no room; /join #lobby, or another";

/** Attempts to come back that are told; the last of them and those behind it wait equally long. */
const TOLD_ATTEMPTS = 6;

const SPEECH: readonly string[] = ["message", "action", "private"];

/** Where lines appear: above the line being typed, or on stdout. */
export type Print = (text: string) => void;

/** What somebody sees and types: events become lines, typed lines become messages in the room they look at. */
export class Conversation {
  readonly people = new People();
  /** Those whose words are not shown. */
  readonly ignored = new Ignored();
  /** The room that typed lines go to. */
  room: string | null = null;
  /** How many lines were refused, or may not have arrived. */
  failures = 0;
  #session: ChatSession | null = null;
  /** What came while hello was being answered. */
  private early: Delivered[] = [];

  /**
   * @param print takes what happens in the chat
   * @param tell takes what the program has to say
   */
  constructor(
    private readonly print: Print,
    private readonly tell: Print = print,
    private readonly style: Style = plain,
  ) {}

  /** Null until hello was answered. */
  get session(): ChatSession | null {
    return this.#session;
  }

  /** Takes up a session that has just begun. */
  begin(session: ChatSession): void {
    this.#session = session;
    this.room = session.rooms.keys().next().value ?? null;
    for (const delivered of this.early.splice(0)) this.show(delivered);
    for (const room of session.rooms.keys()) void this.meet(room);
  }

  show(delivered: Delivered): void {
    if (this.#session === null) {
      this.early.push(delivered);
      return;
    }
    const { event } = delivered;
    this.people.hear(event);
    if (event.event === "name") this.ignored.rename(textOf(event, "from"), textOf(event, "to"));
    if (SPEECH.includes(event.event) && this.ignored.has(textOf(event, "from"))) return;
    const words = wordsOf(event, { name: this.#session.name, room: this.room, style: this.style });
    if (words !== null) this.print(words);
  }

  notice(text: string): void {
    this.tell(notice(text, this.style));
  }

  /** The waits grow to half a minute; what is tried after that would fill the screen overnight. */
  lost(retryMs: number, attempt: number): void {
    if (attempt > TOLD_ATTEMPTS) return;
    const seconds = Math.max(1, Math.round(retryMs / 1000));
    const again = attempt === TOLD_ATTEMPTS ? "from now on trying every half minute" : `trying again in ${seconds} s`;
    this.notice(`${attempt === 1 ? "the connection is lost" : "still no connection"}; ${again}`);
  }

  /** Told in one sentence, so that what is known and what is not do not contradict each other. */
  back({ messages, forgotten, lost, anew }: Absence): void {
    const count = some(messages, "message");
    const holes = [
      ...(anew.length > 0 ? [`the server has forgotten what was said in ${anew.join(" and ")} before`] : []),
      ...(lost > 0
        ? [`the server has lost the last ${lost === 1 ? "message" : some(lost, "message")} from before`]
        : []),
      ...(forgotten > 0 ? [`the server no longer has ${some(forgotten, "message")} of the meantime`] : []),
    ];
    const missed = holes.length > 0 ? `${count} since then` : `you missed ${count}`;
    const told = messages > 0 || holes.length === 0 ? [...holes, missed] : holes;
    this.notice(`connected again; ${told.join("; ")}${messages > 0 ? ":" : ""}`);
  }

  /** Says a text in the room; what became of it is told if it did not arrive. */
  async say(op: "say" | "act", text: string): Promise<void> {
    if (this.#session === null || this.room === null) {
      this.failures += 1;
      return this.notice(NO_ROOM);
    }
    if (!this.#session.online) this.notice("there is no connection; this will be said as soon as it is back");
    try {
      // As at the line door: the server refuses control characters.
      await this.#session.speak(op, this.room, text.replaceAll("\t", "    "));
    } catch (error) {
      this.failed(error, text);
    }
  }

  /** Tells why something was not done. */
  failed(error: unknown, text = ""): void {
    this.failures += 1;
    const reason = messageOf(error);
    if (error instanceof Unsure) this.notice(`this may not have arrived: ${quote(text)} (${reason})`);
    else this.notice(reason);
  }

  /** Learns who is in a room, for Tab. */
  async meet(room: string): Promise<void> {
    const answer = await this.#session?.ask("who", { room }).catch(() => null);
    for (const name of textsOf(answer ?? {}, "members")) this.people.add(name);
  }
}

function some(count: number, what: string): string {
  return `${count === 0 ? "no" : count} ${what}${count === 1 ? "" : "s"}`;
}
