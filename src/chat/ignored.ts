import type { ChatEvent } from "./event.ts";
import { nameKeys } from "./names.ts";

/** Nobody needs more, and each costs memory. */
const MOST = 100;
const LONGEST_NAME = 64;

/** The names whose messages somebody does not want to see. Made on first need: hardly anybody ignores somebody. */
export class Ignored {
  /** By what names are compared by, so that capitals and look-alikes are no way around it. */
  private readonly byKey = new Map<string, string>();

  get names(): readonly string[] {
    return [...this.byKey.values()];
  }

  /** Whether the name was taken: false when it cannot be one, or when the list is full. */
  add(name: string): boolean {
    if (name.length > LONGEST_NAME || this.byKey.size >= MOST) return false;
    this.byKey.set(nameKeys(name)[0], name);
    return true;
  }

  /** Whether the name was there. */
  delete(name: string): boolean {
    return this.byKey.delete(nameKeys(name.slice(0, LONGEST_NAME))[0]);
  }

  has(name: string): boolean {
    return this.byKey.has(nameKeys(name)[0]);
  }

  /** Who takes another name stays ignored. */
  rename(from: string, to: string): void {
    if (this.delete(from)) this.add(to);
  }

  /** Whether this event is not to be seen. Comings and goings are. */
  hides(event: ChatEvent): boolean {
    if (event.event === "name") this.rename(event.from, event.to);
    if (event.event !== "message" && event.event !== "action" && event.event !== "private") return false;
    return this.has(event.from);
  }
}
