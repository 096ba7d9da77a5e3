import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";

/** Which names are taken by what, so that no two sources go to one place. */
export class OneName {
  private readonly taken = new Map<string, string>();

  /**
   * Takes a place for a source; false when that very source has it already.
   * @throws CommandError (usage) when another has it
   */
  take(place: string, source: string): boolean {
    const other = this.taken.get(place);
    if (other === source) return false;
    if (other !== undefined) {
      const both = `${quote(other, 200)} and ${quote(source, 200)}`;
      throw new CommandError(
        Exit.usage,
        `${both} would both become ${quote(place, 200)}; move them one after the other, under names of their own`,
      );
    }
    this.taken.set(place, source);
    return true;
  }
}
