import type { Refusal } from "./command.ts";
import { chatLimits } from "./limits.ts";
import { nameKeys, nameProblem } from "./names.ts";
import { refuse } from "./refusal.ts";
import { isReserved } from "./reserved.ts";
import { isOver } from "./text.ts";

const MOST_TRIES = 9;
const MOST_GUESTS = 999_999;

/** Who has which name: each name, with all that looks like it, belongs to one holder. */
export class Roster<Holder extends object> {
  private readonly holders = new Map<string, Holder>();
  private lastGuest = 0;

  /** Who has this name, however it is spelled. */
  find(name: string): Holder | undefined {
    return name.length > chatLimits.name ? undefined : this.holders.get(nameKeys(name)[0]);
  }

  /** The name in its normal form (NFC) if `asker` may have it, else why not, with a name that is free. */
  check(wanted: string, asker: Holder | null): { readonly ok: true; readonly name: string } | Refusal {
    const name = wanted.length > chatLimits.name ? wanted : wanted.normalize("NFC");
    const problem = nameProblem(name);
    if (problem !== null) return refuse("bad-name", problem);
    const keys = nameKeys(name);
    if (asker !== null && this.holders.get(keys[0]) === asker && this.isFree(keys, asker)) return { ok: true, name };
    if (isReserved(keys)) return refuse("name-reserved", `${name} is reserved; choose another name`);
    if (!this.isFree(keys, asker)) return refuse("name-taken", `${name} is in use; ${this.advice(name)}`);
    return { ok: true, name };
  }

  /** Gives a name that was checked. */
  add(name: string, holder: Holder): void {
    for (const key of nameKeys(name)) this.holders.set(key, holder);
  }

  remove(name: string, holder: Holder): void {
    for (const key of nameKeys(name)) if (this.holders.get(key) === holder) this.holders.delete(key);
  }

  /** A free name for somebody who brought none: `guest` and a number. */
  guest(): string {
    let name: string;
    do {
      this.lastGuest = (this.lastGuest % MOST_GUESTS) + 1;
      name = `guest${this.lastGuest}`;
    } while (this.find(name) !== undefined);
    return name;
  }

  /** The name itself if nobody has it, else one like it, else a guest's: for somebody who did not choose it just now. */
  nearest(name: string): string {
    const checked = this.check(name, null);
    if (checked.ok) return checked.name;
    return (nameProblem(name) === null ? this.like(name) : null) ?? this.guest();
  }

  private isFree(keys: readonly string[], asker: Holder | null): boolean {
    return keys.every((key) => {
      const holder = this.holders.get(key);
      return holder === undefined || holder === asker;
    });
  }

  private advice(name: string): string {
    const other = this.like(name);
    return other === null ? "choose another name" : `try ${other}`;
  }

  private like(name: string): string | null {
    for (let n = 1; n <= MOST_TRIES; n++) {
      const other = withEnd(name, n === 1 ? "_" : String(n));
      const keys = nameKeys(other);
      if (nameProblem(other) === null && !isReserved(keys) && this.isFree(keys, null)) return other;
    }
    return null;
  }
}

/** The name with an end, shortened by whole characters until both fit. */
function withEnd(name: string, end: string): string {
  const letters = [...name].slice(0, chatLimits.nameCharacters - end.length);
  while (isOver(letters.join(""), chatLimits.name - end.length)) letters.pop();
  return letters.join("") + end;
}
