import { escapeText } from "../../bytes/text.ts";
import type { Delivered } from "../../client/chat/delivered.ts";

/** Everything that may be inside a JSON text and could drive a terminal or break a line, one UTF-16 unit at a time. */
const UNITS = /[^\x20-\x7e]/g;

/**
 * An event as one line of JSON: the very text of the wire, unless that has characters that could break the line or drive
 * a terminal; those are then written as JSON's own `\u` escapes, which is the same object.
 */
export function jsonLine({ event, body }: Delivered): string {
  const text = body === null ? JSON.stringify(event) : new TextDecoder().decode(body);
  if (escapeText(text) === text) return text;
  return JSON.stringify(event).replace(UNITS, (unit) =>
    escapeText(unit) === unit ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
