import { escapeText } from "../../bytes/text.ts";
import { LeftOut, reasonOf, Stopped } from "../../client/files/trouble.ts";
import type { Progress } from "../../client/progress/progress.ts";
import { CommandError, Exit, type ExitCode } from "../../exit.ts";

/** So many names are in the last sentence; of more only how many they are, because each had its line. */
const MOST_NAMED = 5;
const LONGEST_NAME = 50;

/** Who tells of failures while the rest goes on. */
export type Teller = Pick<Progress, "fail" | "skip" | "log">;

/** What did not work, while the rest goes on. */
export class Failures {
  private readonly names: string[] = [];
  /** Why, each once. */
  private readonly lines = new Set<string>();
  private tried = 0;
  private leftOut = 0;
  private code: ExitCode = Exit.failed;

  /** @param several whether there is more than one thing to do, so that each failure is told at once on a line of its own */
  constructor(
    private several: boolean,
    private readonly teller: Teller,
  ) {}

  /** There turns out to be more than one thing to do. */
  expectSeveral(): void {
    if (!this.several) for (const line of this.lines) this.teller.fail(line);
    this.several = true;
  }

  /** Does one of several things; its failure is noted. Rejects with Stopped, and with defects. */
  async attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.succeeded();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      if (error instanceof LeftOut) this.leave(error);
      else this.note(name, this.sentence(name, error));
    }
  }

  /** The same for what comes before the work: it counts only if it fails, and nobody else tells programs then. */
  async lookUp(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.add(name, error);
    }
  }

  /** One of several things was done elsewhere. */
  succeeded(): void {
    this.tried += 1;
  }

  /** Something that was not tried, and why. @throws what is a defect */
  add(name: string, error: unknown): void {
    this.teller.skip(name, reasonOf(error), error instanceof LeftOut);
    if (error instanceof LeftOut) this.leave(error);
    else this.note(name, this.sentence(name, error));
  }

  private leave({ message }: LeftOut): void {
    this.leftOut += 1;
    this.teller.log(message);
  }

  /** A failure that is a whole sentence already. */
  note(name: string, line: string): void {
    this.tried += 1;
    // A server that sends one away does so for each of a thousand files.
    if (this.several && !this.lines.has(line)) this.teller.fail(line);
    this.lines.add(line);
    this.names.push(name);
  }

  /**
   * Tells how many were left out.
   * @throws CommandError when anything failed: with the reason, or `2 of 7 failed: a.txt, b.txt` where each was told
   */
  finish(): void {
    const { names, tried } = this;
    const [first] = this.lines;
    if (this.leftOut > 1) this.teller.log(`${this.leftOut} were left out`);
    if (first === undefined) return;
    if (!this.several) throw new CommandError(this.code, first);
    const named = names.length > MOST_NAMED ? "" : `: ${names.map(shorten).join(", ")}`;
    throw new CommandError(Exit.failed, `${names.length} of ${tried} failed${named}`);
  }

  private sentence(name: string, error: unknown): string {
    const reason = reasonOf(error);
    if (error instanceof CommandError) this.code = error.code;
    return error instanceof CommandError || isNamed(name, reason) ? reason : `${name}: ${reason}`;
  }
}

/** Many reasons name what they are about: at their start, or as a path in quotes. */
function isNamed(name: string, reason: string): boolean {
  const last = name.replace(/\/$/, "").split("/").at(-1);
  return reason.startsWith(name) || reason.includes(`/${last}"`) || reason.includes(`"${last}"`);
}

/** The end of a path tells more than its beginning. */
function shorten(name: string): string {
  const shown = [...escapeText(name)];
  return shown.length <= LONGEST_NAME ? shown.join("") : `…${shown.slice(1 - LONGEST_NAME).join("")}`;
}
