import { reasonOf, Stopped } from "../../client/files/trouble.ts";
import { CommandError, Exit, type ExitCode } from "../../exit.ts";

/** So many failures are told once more in the last sentence. */
const MOST_TOLD = 10;

/** What did not work, while the rest goes on. */
export class Failures {
  private readonly told: string[] = [];
  private code: ExitCode = Exit.failed;
  private tried = 0;

  /**
   * @param verb what was not done: `fetched`
   * @param log told of each failure at once, where there is more than one thing to do
   */
  constructor(
    private readonly verb: string,
    private readonly log: ((line: string) => void) | null,
  ) {}

  /** Does one of several things; its failure is noted. Rejects with Stopped, and with defects. */
  async attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    this.tried += 1;
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.add(name, error);
    }
  }

  /** The same for what comes before the work itself and does not count. */
  async lookUp(name: string, work: () => Promise<unknown>): Promise<void> {
    await this.attempt(name, work);
    this.tried -= 1;
  }

  /** Something that was not tried, and why. @throws what is a defect */
  add(name: string, error: unknown): void {
    const reason = reasonOf(error);
    if (error instanceof CommandError) this.code = error.code;
    const line = reason.includes(name) ? reason : `${name}: ${reason}`;
    this.told.push(line);
    this.log?.(line);
  }

  /** @throws CommandError with a summary, when anything failed */
  finish(): void {
    const [first, ...rest] = this.told;
    if (first === undefined) return;
    if (rest.length === 0 && this.tried <= 1) throw new CommandError(this.code, first);
    const named = this.told.slice(0, MOST_TOLD).join("; ");
    const more = this.told.length > MOST_TOLD ? `; and ${this.told.length - MOST_TOLD} more` : "";
    throw new CommandError(Exit.failed, `${this.told.length} not ${this.verb}: ${named}${more}`);
  }
}
