/** A reply to a command (RFC 959, section 4.2): one line, or several of which the first and last have the code. */
export interface Reply {
  readonly code: number;
  readonly text: string;
  /** The lines between `text` and `last`; their absence makes it a reply of one line. */
  readonly lines?: readonly string[];
  /** What the last line of several says. */
  readonly last?: string;
}

/** What no line may hold: it would end the line, or the text for some clients (RFC 2640, section 2.1). */
const LINE_ENDS = /[\r\n\0]/g;

/** The reply as it is sent, with its line ends. */
export function replyText({ code, text, lines, last = "End" }: Reply): string {
  if (lines === undefined) return `${code} ${oneLine(text)}\r\n`;
  const inner = lines.map((line) => ` ${oneLine(line)}\r\n`).join("");
  return `${code}-${oneLine(text)}\r\n${inner}${code} ${oneLine(last)}\r\n`;
}

/** Nothing that came from a peer or a file's name begins a line of its own: replies cannot be forged. */
function oneLine(text: string): string {
  return text.replace(LINE_ENDS, "?");
}

/** A path as 257 gives it: in double quotes, those inside doubled (RFC 959, appendix II). */
export function quotedPath(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
