import type { Delivered } from "../../client/chat/delivered.ts";
import { safeJson } from "../../client/json-text.ts";

/**
 * An event as one line of JSON: the very text of the wire, unless that has characters that could break the line or drive
 * a terminal, which are then written in another way.
 */
export function jsonLine({ event, body }: Delivered): string {
  const text = body === null ? JSON.stringify(event) : new TextDecoder().decode(body);
  const safe = safeJson(text);
  // What stood between the fields, such as a newline, may not be escaped, only left out.
  return safe === text ? text : safeJson(JSON.stringify(event));
}
