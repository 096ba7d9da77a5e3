import { escapeText } from "../../bytes/text.ts";
import { textOf, type WireEvent } from "../messages.ts";

/** More names than anybody completes; a server cannot fill the memory with them. */
const MOST = 10_000;

/** The names that Tab knows: who is there, or was heard of. */
export class People {
  private readonly names = new Set<string>();

  /** Names that begin with `start`, whatever the case, in alphabetical order. */
  like(start: string): readonly string[] {
    const small = start.toLowerCase();
    return [...this.names].filter((name) => name.toLowerCase().startsWith(small)).sort();
  }

  /** Whether somebody of this name is there or was heard of, whatever the case. */
  knows(name: string): boolean {
    const small = name.toLowerCase();
    return this.like(name).some((other) => other.toLowerCase() === small);
  }

  add(name: string): void {
    // A name that cannot be shown cannot be put into the line either.
    if (name === "" || escapeText(name) !== name || this.names.size >= MOST) return;
    this.names.add(name);
  }

  /** Learns from whatever happens. */
  hear(event: WireEvent): void {
    const [name, from] = [textOf(event, "name"), textOf(event, "from")];
    if (event.event === "quit" || event.event === "name") this.names.delete(name || from);
    else this.add(name || from);
    if (event.event === "name") this.add(textOf(event, "to"));
  }
}
