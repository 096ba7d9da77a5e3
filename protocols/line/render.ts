import { escapeLines, escapeText } from "../../src/bytes/text.ts";
import type { ChatEvent } from "../../src/chat/event.ts";

/** Lines that the server wraps itself fit on a terminal of 80 columns whose last column would break the line. */
const COLUMNS = 79;
const MARK = "-- ";

/** An event as lines that end in CR LF, `lead` before each. */
export function eventLines(event: ChatEvent, lead = ""): string {
  const [who, text] = parts(event);
  return marked(lead + who, text);
}

/** What the server itself says. */
export function noticeLines(text: string): string {
  return marked(MARK, text);
}

/** `-- here: ann, bob` over as many lines as it takes; the further ones are indented. */
export function listing(what: string, items: readonly string[]): string {
  const lines: string[] = [];
  let line = MARK + escapeText(what);
  items.forEach((item, i) => {
    const piece = ` ${escapeText(item)}${i < items.length - 1 ? "," : ""}`;
    if (Bun.stringWidth(line + piece) > COLUMNS) {
      lines.push(line);
      line = `${MARK} ${piece}`;
    } else line += piece;
  });
  return `${[...lines, line].join("\r\n")}\r\n`;
}

/**
 * Text with a prefix before every line of it, so that no line can pass for somebody else's; nothing in it can drive a
 * terminal.
 */
function marked(prefix: string, text: string): string {
  const safe = escapeText(prefix);
  return `${safe}${escapeLines(text).replaceAll("\n", `\r\n${safe}`)}\r\n`;
}

/** What stands before every line of an event, and its text. */
function parts(event: ChatEvent): readonly [string, string] {
  switch (event.event) {
    case "message":
      return [`${event.from}: `, event.text];
    case "action":
      return [`* ${event.from} `, event.text];
    case "private":
      return [`[${event.from}] `, event.text];
    case "topic":
      return [
        MARK,
        event.text === "" ? `${event.from} cleared the topic` : `${event.from} set the topic: ${event.text}`,
      ];
    case "join":
      return [MARK, `${event.name} joined`];
    case "part":
      return [MARK, `${event.name} left the room`];
    case "quit":
      return [MARK, event.reason === "" ? `${event.name} left` : `${event.name} left (${event.reason})`];
    case "name":
      return [MARK, `${event.from} is now called ${event.to}`];
    case "notice":
      return [MARK, event.text];
  }
}
