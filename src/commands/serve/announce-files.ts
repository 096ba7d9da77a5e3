import type { Permission } from "../../accounts/permission.ts";
import { quote } from "../../bytes/text.ts";
import { type Reach, waysTo, waysToAdd } from "../../files/ways.ts";

/** What is announced of the folder that is shared. */
export interface Sharing {
  /** As it was given. */
  readonly dir: string;
  /** What everybody may do who has no account. */
  readonly rights: ReadonlySet<Permission>;
}

/** What everybody may do besides reading: a verb of both texts; null for nothing. */
export function adding(rights: ReadonlySet<Permission>): string | null {
  if (rights.has("write")) return "add, overwrite, rename and delete files";
  return rights.has("upload") ? "add files" : null;
}

/**
 * What may be done with the files, how to get one, and how to add one where everybody may; `tincan` is what the program is
 * called. Ends with a newline.
 */
export function sharingText({ dir, rights }: Sharing, reach: Reach, tincan: string): string {
  const more = adding(rights);
  const ways = [...(rights.has("read") ? waysTo("/NAME", reach) : []), ...(more === null ? [] : waysToAdd(reach))].map(
    (way) => `  ${way.replace(/^tincan /, `${tincan} `)}\n`,
  );
  return `The files in ${quote(dir)} are ${shared(rights, more)}.\n${ways.join("")}`;
}

function shared(rights: ReadonlySet<Permission>, more: string | null): string {
  if (!rights.has("read")) return `for accounts alone${more === null ? "" : `, but everybody may ${more}`}`;
  return `shared ${more === null ? "read-only" : `with everybody, who may read and ${more}`}`;
}

/**
 * The warning for people when strangers may change the share and can come from elsewhere; null when they cannot. `others`
 * are this machine's addresses that other machines reach.
 */
export function openDoorWarning({ dir, rights }: Sharing, others: readonly string[]): string | null {
  const more = adding(rights);
  const [first] = others;
  if (more === null || first === undefined) return null;
  const denied = rights.has("write") ? "--deny-write and --deny-upload forbid it" : "--deny-upload forbids it";
  return box([
    `WARNING: anyone who reaches ${first} may ${more}`,
    `in ${quote(dir, 50)}, without a name or a password.`,
    `Without --host only this machine gets in; ${denied}.`,
  ]);
}

/** Lines in a frame, each with its newline. */
function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => Bun.stringWidth(line)));
  const edge = "─".repeat(width + 2);
  const rows = lines.map((line) => `│ ${line}${" ".repeat(width - Bun.stringWidth(line))} │\n`);
  return `┌${edge}┐\n${rows.join("")}└${edge}┘\n`;
}
