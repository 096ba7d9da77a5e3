import { reasonOf, Stopped } from "../../client/files/trouble.ts";
import { CommandError, Exit, type ExitCode } from "../../exit.ts";

/** So many failures are told once more in the last sentence. */
const MOST_TOLD = 10;

/** What did not work, while the rest goes on. */
export class Failures {
  private readonly told: string[] = [];
  private code: ExitCode = Exit.failed;

  /**
   * @param verb what was not done: `fetched`
   * @param several whether there is more than one thing to do, so that a failure needs a summary
   * @param log told of each failure at once, where there are several
   */
  constructor(
    private readonly verb: string,
    private readonly several: boolean,
    private readonly log: (line: string) => void,
  ) {}

  /** Does one of several things; its failure is noted. Rejects with Stopped, and with defects. */
  async attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.add(name, error);
    }
  }

  /** Something that was not tried, and why. @throws what is a defect */
  add(name: string, error: unknown): void {
    const reason = reasonOf(error);
    if (error instanceof CommandError) this.code = error.code;
    // Many reasons name what they are about.
    const isNamed =
      error instanceof CommandError || reason.includes(name.slice(name.lastIndexOf("/", name.length - 2) + 1));
    const line = isNamed ? reason : `${name}: ${reason}`;
    this.note(line);
  }

  /** A failure that is a whole sentence already. */
  note(line: string): void {
    this.told.push(line);
    if (this.several) this.log(line);
  }

  /** @throws CommandError with a summary, when anything failed */
  finish(): void {
    const [first] = this.told;
    if (first === undefined) return;
    if (!this.several) throw new CommandError(this.code, first);
    const named = this.told.slice(0, MOST_TOLD).join("; ");
    const more = this.told.length > MOST_TOLD ? `; and ${this.told.length - MOST_TOLD} more` : "";
    throw new CommandError(Exit.failed, `${this.told.length} not ${this.verb}: ${named}${more}`);
  }
}
