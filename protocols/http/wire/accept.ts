import { MOST_HEAD } from "./head-reader.ts";

type Fields = ReadonlyMap<string, string>;

/** Whether a person's browser asks, who is better served by a page than by JSON. */
export function wantsPage(fields: Fields): boolean {
  const page = weightOf(fields, "text/html");
  return page > 0 && page >= weightOf(fields, "application/json");
}

/** Whether a program asks by name for what else is a page. */
export function wantsJson(fields: Fields): boolean {
  return !wantsPage(fields) && weightOf(fields, "application/json", "application/*") > 0;
}

/** How much the first of these types is wanted that `Accept` names, from 0 to 1 (RFC 9110, section 12.4.2); 0: it names none. */
function weightOf(fields: Fields, ...types: readonly string[]): number {
  const ranges = (fields.get("accept") ?? "").toLowerCase().split(",");
  for (const type of types) {
    const range = ranges.find((one) => one.split(";", 1)[0]?.trim() === type);
    if (range !== undefined) return Number(/;[\t ]*q=([01](?:\.\d{0,3})?)[\t ]*(?:;|$)/.exec(range)?.[1] ?? 1);
  }
  return 0;
}

/** The same of the beginning of what a peer has sent, where nobody could read its head, or nobody will. */
export function asksForPage(input: Uint8Array): boolean {
  return /\naccept:[^\r\n]*text\/html/i.test(Buffer.from(input.subarray(0, MOST_HEAD)).toString("latin1"));
}
