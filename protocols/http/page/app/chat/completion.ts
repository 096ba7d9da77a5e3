import { commands } from "./commands.ts";
import { alike } from "./state.ts";

/** One way to go on with what is being typed. */
export interface Completion {
  /** The whole text after it was taken. */
  readonly text: string;
  readonly label: string;
  /** The name of a command, whose description stands beside it; null for names and rooms. */
  readonly command: string | null;
}

/** What completions are made of. */
export interface Known {
  readonly members: readonly string[];
  /** Those of other rooms among them. */
  readonly people: readonly string[];
  readonly rooms: readonly string[];
}

const MOST = 10;

/** The commands that a text which is nothing but the begin of one can become; the words that some of them take. */
export function completionsOf(typed: string, known: Known): readonly Completion[] {
  const begun = /^\/([a-z]*)$/i.exec(typed);
  if (begun !== null) {
    const names = Object.keys(commands).filter((name) => name.startsWith((begun[1] ?? "").toLowerCase()));
    return names.map((name) => {
      const label = `/${name} ${commands[name]?.usage ?? ""}`.trim();
      return { text: commands[name]?.usage === "" ? `/${name}` : `/${name} `, label, command: name };
    });
  }
  const word = /^\/(msg|ignore|join|leave|part|who)\s+(\S*)$/i.exec(typed);
  if (word === null) return [];
  const [, command = "", begin = ""] = word;
  const names = /^(msg|ignore)$/i.test(command) ? known.people : known.rooms;
  // What is all there need not become something longer.
  if (alike(names, begin) !== undefined) return [];
  return startingWith(names, begin).map((name) => {
    return { text: `/${command} ${name} `, label: name, command: null };
  });
}

/** Completes the name before the caret, as Tab does: `an` to `ann: ` at the begin of a text, to `ann ` within it. */
export function completeName(typed: string, known: Known): string | null {
  const [begin = ""] = /\S+$/.exec(typed) ?? [];
  const [name] = begin === "" ? [] : startingWith(known.members, begin.replace(/^@/, ""));
  if (name === undefined) return null;
  const before = typed.slice(0, typed.length - begin.length);
  return before === "" ? `${name}: ` : `${before}${name} `;
}

function startingWith(names: readonly string[], begin: string): readonly string[] {
  const low = begin.toLowerCase();
  return names.filter((name) => name.toLowerCase().startsWith(low) && name.toLowerCase() !== low).slice(0, MOST);
}
