import { escapeLines, escapeText } from "../../bytes/text.ts";
import { textOf, type WireEvent } from "../messages.ts";
import { plain, type Style } from "../style.ts";

/** For whom an event is put into words. */
export interface Reader {
  /** Their own name: their private messages read differently. */
  readonly name: string;
  /** The room they look at; others are named. */
  readonly room: string | null;
  readonly style?: Style;
}

/** A notice of the program itself, or several lines of one: `-- ann joined`. Escaped. */
export function notice(text: string, style: Style = plain): string {
  return everyLine(text, (line) => style.quiet(`-- ${line}`));
}

/**
 * An event as people read it, safe for any terminal: `ann: hello`, `* ann waves`, `[ann] psst`, `-- ann joined`, as the
 * line door writes it, with the prefix before every line. Null for an event that is unknown here, which newer servers may send.
 */
export function wordsOf(event: WireEvent, reader: Reader): string | null {
  const words = Object.hasOwn(WORDS, event.event) ? WORDS[event.event] : undefined;
  return words?.(event, reader) ?? null;
}

type Words = (event: WireEvent, reader: Reader) => string | null;

const WORDS: Readonly<Record<string, Words>> = {
  message: (event, reader) => spoken(event, reader, (name) => `${name}:`),
  action: (event, reader) => spoken(event, reader, (name) => `* ${name}`),
  private(event, { name, style = plain }) {
    const from = textOf(event, "from");
    const who = from === name ? `to ${named(textOf(event, "to"), style)}` : named(from, style);
    return everyLine(textOf(event, "text"), (line) => `[${who}] ${line}`);
  },
  topic(event, reader) {
    const text = textOf(event, "text");
    return told(event, reader, "from", text === "" ? "cleared the topic" : `set the topic: ${text}`);
  },
  join: (event, reader) => told(event, reader, "name", "joined"),
  part: (event, reader) => told(event, reader, "name", "left the room"),
  quit(event, reader) {
    const reason = textOf(event, "reason");
    return told(event, reader, "name", reason === "" ? "left" : `left (${reason})`);
  },
  name: (event, reader) => told(event, reader, "from", `is now called ${textOf(event, "to")}`),
  notice: (event, { room, style }) => marked(event, room, textOf(event, "text"), style),
  bye: (event, { style }) => notice(textOf(event, "text") || "the server says goodbye", style),
};

function spoken(event: WireEvent, { room, style = plain }: Reader, prefix: (name: string) => string): string {
  const before = `${escapeText(elsewhere(event, room))}${prefix(named(textOf(event, "from"), style))} `;
  return everyLine(textOf(event, "text"), (line) => before + line);
}

function told(event: WireEvent, { room, style }: Reader, who: "name" | "from", what: string): string {
  return marked(event, room, `${textOf(event, who)} ${what}`, style);
}

/** A notice, behind the room's name when it happened in another than the one looked at. */
function marked(event: WireEvent, room: string | null, text: string, style: Style = plain): string {
  const where = escapeText(elsewhere(event, room));
  return everyLine(text, (line) => style.quiet(`${where}-- ${line}`));
}

/** `#other ` before what happens in a room that one does not look at. */
function elsewhere(event: WireEvent, room: string | null): string {
  const where = textOf(event, "room");
  return where === "" || where === room ? "" : `${where} `;
}

function named(name: string, style: Style): string {
  return style.name(escapeText(name));
}

/** The prefix stands before every line, so that nobody can forge a line of another. */
function everyLine(text: string, line: (escaped: string) => string): string {
  return escapeLines(text).split("\n").map(line).join("\n");
}
