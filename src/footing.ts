import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** How often it is looked, in milliseconds. */
const EVERY_MS = 2_000;

/** What uses something on the disk that may be taken away while it runs. */
interface Needy {
  /** Whether it is there; does what can be done where it is not, or is another one. Never rejects. */
  isThere(): Promise<boolean>;
}

interface Needed {
  readonly what: string;
  readonly path: string;
  readonly of: Needy;
}

/** Looks now and then for all that a daemon needs of the disk, and tells the log what is gone, and what is back. */
export class Footing {
  private readonly needed: Needed[] = [];
  private readonly gone = new Set<Needed>();
  private cancel: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** What is gone, as a sentence without a path, which is not for everybody; null: nothing is. */
  get lost(): string | null {
    const [first] = this.gone;
    return first === undefined ? null : `${first.what} is gone`;
  }

  /** @param what in a sentence: "the folder that is shared" @param of null: there is none */
  need(what: string, path: string | null, of: Needy | null): void {
    if (path !== null && of !== null) this.needed.push({ what, path, of });
  }

  begin(): void {
    this.cancel = this.clock.after(EVERY_MS, () => void this.look());
  }

  stop(): void {
    this.cancel();
    this.cancel = () => {};
  }

  private async look(): Promise<void> {
    const { cancel } = this;
    await Promise.all(this.needed.map(async (needed) => this.note(needed, await needed.of.isThere())));
    // A disk that does not answer is not asked again, and whoever has stopped it meanwhile does not go on.
    if (this.cancel === cancel) this.begin();
  }

  private note(needed: Needed, isThere: boolean): void {
    const { what, path } = needed;
    if (isThere && this.gone.delete(needed)) this.log.info("back", { what, path });
    if (isThere || this.gone.has(needed)) return;
    this.gone.add(needed);
    this.log.error("gone", { what, path });
  }
}
