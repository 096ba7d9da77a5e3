import { MOST_HEAD } from "./head-reader.ts";

/** Whether a person's browser asks, who is better served by a page than by JSON. */
export function wantsPage(fields: ReadonlyMap<string, string>): boolean {
  return /\btext\/html\b/i.test(fields.get("accept") ?? "");
}

/** The same of the beginning of what a peer has sent, where nobody could read its head, or nobody will. */
export function asksForPage(input: Uint8Array): boolean {
  return /\naccept:[^\r\n]*text\/html/i.test(Buffer.from(input.subarray(0, MOST_HEAD)).toString("latin1"));
}
