import type { Permission } from "../../../src/accounts/permission.ts";
import type { Entry } from "../../../src/files/entry.ts";
import { listedName } from "./name.ts";
import { formatTimeVal } from "./time-val.ts";

/** What a visitor may do, as {@link Visitor.may} tells it. */
interface Rights {
  may(permission: Permission): boolean;
}

/** A fact of an entry (RFC 3659, section 7.5); null where it does not apply. */
type Fact = (entry: Entry, rights: Rights) => string | null;

const FACTS: ReadonlyMap<string, Fact> = new Map<string, Fact>([
  ["type", ({ type }) => type],
  ["size", ({ type, size }) => (type === "file" ? String(size) : null)],
  ["modify", ({ mtime }) => formatTimeVal(mtime)],
  ["perm", (entry, rights) => permissions(entry, rights)],
  ["unique", ({ id }) => id],
  ["UNIX.mode", ({ mode }) => `0${(mode & 0o777).toString(8).padStart(3, "0")}`],
]);

/** The facts that a session wants to have, in the order of the table. */
export type FactNames = readonly string[];

export const ALL_FACTS: FactNames = [...FACTS.keys()];

/** The facts that the argument of `OPTS MLST` asks for; those that are not known are left out (section 7.9). */
export function selectFacts(argument: string): FactNames {
  const wanted = new Set(argument.split(";").map((name) => name.trim().toLowerCase()));
  return ALL_FACTS.filter((name) => wanted.has(name.toLowerCase()));
}

/** Facts as the reply to OPTS has them: `type;size;`. */
export function listFacts(selected: FactNames): string {
  return selected.map((name) => `${name};`).join("");
}

/** The same as the line of FEAT has them, in which a star is for those selected: `type*;size;` (section 7.8). */
export function featureFacts(selected: FactNames): string {
  return ALL_FACTS.map((name) => `${name}${selected.includes(name) ? "*" : ""};`).join("");
}

/**
 * An entry as MLSD and MLST show it, without a line end: `type=file;size=5; name`. `shown` is the name in a listing and
 * the path in the reply to MLST.
 */
export function factsLine(
  entry: Entry,
  shown: string,
  o: { readonly facts: FactNames; readonly rights: Rights },
): string {
  let line = "";
  for (const name of o.facts) {
    const value = FACTS.get(name)?.(entry, o.rights) ?? null;
    if (value !== null) line += `${name}=${value};`;
  }
  return `${line} ${listedName(shown)}`;
}

/**
 * The letters of section 7.5.5. Of a file: `a`ppend, `d`elete, rename (`f`), `r`etrieve, `w`rite. Of a folder: `c`reate files
 * in it, `d`elete, `e`nter, rename (`f`), `l`ist, `m`ake folders in it, `p`urge. The root stays where it is.
 */
function permissions({ type, name }: Entry, rights: Rights): string {
  const read = rights.may("read");
  const write = rights.may("write");
  const add = rights.may("upload");
  const when = (allowed: boolean, letters: string) => (allowed ? letters : "");
  if (type === "file") return when(write && add, "a") + when(write, "df") + when(read, "r") + when(write && add, "w");
  const moves = write && name !== "";
  return (
    when(add, "c") +
    when(moves, "d") +
    when(read || add, "e") +
    when(moves, "f") +
    when(read, "l") +
    when(add, "m") +
    when(write, "p")
  );
}
