import type { Item } from "./timeline.ts";
import type { ChatEvent } from "./wire.ts";

/** Whether somebody has said this of whom this user wants to hear no more. Comings and goings are told all the same. */
export function hides(ignored: readonly string[], event: ChatEvent): boolean {
  if (event.event !== "message" && event.event !== "action" && event.event !== "private") return false;
  const from = event.from.toLowerCase();
  return ignored.some((name) => name.toLowerCase() === from);
}

/** What is left of a timeline; the same list where nobody is ignored. */
export function withoutIgnored(items: readonly Item[], ignored: readonly string[]): readonly Item[] {
  return ignored.length === 0 ? items : items.filter((item) => !("event" in item && hides(ignored, item.event)));
}

/** Who is ignored goes on being so under another name. */
export function renameIgnored(ignored: readonly string[], from: string, to: string): readonly string[] {
  return ignored.includes(from) ? [...ignored.filter((name) => name !== from && name !== to), to] : ignored;
}
