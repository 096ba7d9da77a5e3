import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** How often it is looked, in milliseconds. */
const EVERY_MS = 2_000;
/** A look that has not come back when so many others were due is not waited for: a disk hangs. */
const MOST_ROUNDS = 2;

/** What uses something on the disk that may be taken away while it runs. */
interface Checked {
  /** Whether it is there; does what can be done where it is not, or is another one. Never rejects. */
  isHealthy(): Promise<boolean>;
}

interface Check {
  readonly what: string;
  readonly path: string;
  readonly of: Checked;
  readonly isVital: boolean;
  /** Looks that were due while one is under way; null: none is. */
  missed: number | null;
  /** What has become of it; null: nothing. */
  trouble: "is gone" | "does not answer" | null;
}

/** Looks now and then for all that a daemon needs of the disk, and tells the log what is gone, and what is back. */
export class Health {
  private readonly checks: Check[] = [];
  private cancel: () => void = () => {};
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Why the daemon cannot do all that it is there for, as a sentence; null: it can. */
  get notReady(): string | null {
    return sentences(this.checks.filter(({ isVital }) => isVital))[0] ?? null;
  }

  /** All that is gone, as sentences without a path, which is not for everybody. */
  get troubles(): readonly string[] {
    return sentences(this.checks);
  }

  /**
   * @param what in a sentence: "the folder that is shared"
   * @param of null: there is none
   * @param isVital whether the daemon is not ready without it
   */
  add(what: string, path: string | null, of: Checked | null, isVital = true): void {
    if (path !== null && of !== null) this.checks.push({ what, path, of, isVital, missed: null, trouble: null });
  }

  /** Does nothing once it was stopped. */
  begin(): void {
    if (this.stopped) return;
    this.cancel = this.clock.after(EVERY_MS, () => {
      for (const check of this.checks) void this.look(check);
      this.begin();
    });
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  /** A disk that does not answer is not asked again, and keeps nobody from looking at the others. */
  private async look(check: Check): Promise<void> {
    if (check.missed !== null) {
      check.missed += 1;
      if (check.missed >= MOST_ROUNDS) this.note(check, "does not answer");
      return;
    }
    check.missed = 0;
    const isHealthy = await check.of.isHealthy();
    check.missed = null;
    // Whoever ends closes what is looked for.
    if (!this.stopped) this.note(check, isHealthy ? null : "is gone");
  }

  private note(check: Check, trouble: Check["trouble"]): void {
    const { what, path, isVital, trouble: before } = check;
    check.trouble = trouble;
    if (trouble === null && before !== null) this.log.info("back", { what, path });
    if (trouble === null || before !== null) return;
    const why = trouble === "is gone" ? {} : { error: `it ${trouble}` };
    this.log[isVital ? "error" : "warn"]("gone", { what, path, ...why });
  }
}

function sentences(checks: readonly Check[]): readonly string[] {
  return checks.flatMap(({ what, trouble }) => (trouble === null ? [] : [`${what} ${trouble}`]));
}
