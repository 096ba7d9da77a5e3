import { reasonOf, Stopped } from "../../client/files/trouble.ts";
import type { Progress } from "../../client/progress/progress.ts";
import { CommandError, Exit, type ExitCode } from "../../exit.ts";

/** So many failures are told once more in the last sentence. */
const MOST_TOLD = 10;

/** Who tells of failures while the rest goes on. */
type Teller = Pick<Progress, "log" | "skip">;

/** What did not work, while the rest goes on. */
export class Failures {
  private readonly told: string[] = [];
  private code: ExitCode = Exit.failed;

  /**
   * @param verb what was not done: `fetched`
   * @param several whether there is more than one thing to do, so that a failure is told at once and in a summary
   */
  constructor(
    private readonly verb: string,
    private several: boolean,
    private readonly teller: Teller,
  ) {}

  /** There turns out to be more than one thing to do. */
  expectSeveral(): void {
    this.several = true;
  }

  /** Does one of several things; its failure is noted. Rejects with Stopped, and with defects. */
  async attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.note(this.sentence(name, error));
    }
  }

  /** The same for what comes before the work, of which nobody else tells programs. */
  async lookUp(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.add(name, error);
    }
  }

  /** Something that was not tried, and why. @throws what is a defect */
  add(name: string, error: unknown): void {
    this.teller.skip(name, reasonOf(error));
    this.note(this.sentence(name, error));
  }

  /** A failure that is a whole sentence already. */
  note(line: string): void {
    this.told.push(line);
    if (this.several) this.teller.log(line);
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

  private sentence(name: string, error: unknown): string {
    const reason = reasonOf(error);
    if (error instanceof CommandError) this.code = error.code;
    // Many reasons name what they are about.
    const last = name.slice(name.lastIndexOf("/", name.length - 2) + 1);
    return error instanceof CommandError || reason.includes(last) ? reason : `${name}: ${reason}`;
  }
}
