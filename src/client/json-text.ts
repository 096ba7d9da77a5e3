import { escapeText } from "../bytes/text.ts";

const BEYOND_ASCII = /[^\x20-\x7e]/gu;

/**
 * A JSON text as one line that any terminal may show: characters that could break the line or drive a terminal are
 * written as JSON's own `\u` escapes, so that it is still the same object. A text with none is returned as it is.
 */
export function safeJson(text: string): string {
  if (escapeText(text) === text) return text;
  return text.replace(BEYOND_ASCII, (char) => (escapeText(char) === char ? char : escaped(char)));
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, at) => char.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}
