import { type Fetched, type FetchOptions, fetchAll } from "../../../src/client/fetch/fetch-all.ts";
import { PlainProgress } from "../../../src/client/progress/plain.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { TempFolder } from "../../support/temp.ts";

/** A folder to fetch into, on a clock that moves only for what waits between two tries, and what people are told. */
export class Fetching implements Disposable {
  readonly folder = new TempFolder();
  readonly clock = new HandClock();
  /** What is whole. */
  readonly results: string[] = [];
  readonly notes: string[] = [];

  fetch(urls: readonly string[], o: Partial<FetchOptions> = {}): Promise<readonly Fetched[]> {
    const result = (line: string) => void this.results.push(line);
    const progress = new PlainProgress({ result, note: (line) => this.noted(line) }, this.clock);
    const usual = {
      output: `${this.folder.path}/`,
      parallel: 4,
      force: false,
      retries: 5,
      clock: this.clock,
      progress,
    };
    return fetchAll(urls, { ...usual, ...o });
  }

  /** Why it failed; "" when it did not. */
  async failure(url: string, o?: Partial<FetchOptions>): Promise<string> {
    const [outcome] = await this.fetch([url], o);
    return outcome?.error ?? "";
  }

  async text(name: string): Promise<string> {
    return await Bun.file(this.folder.file(name)).text();
  }

  /** Everything in the folder, hidden or not. */
  get files(): string[] {
    return [...new Bun.Glob("*").scanSync({ cwd: this.folder.path, dot: true, onlyFiles: false })].sort();
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }

  private noted(line: string): void {
    this.notes.push(line);
    const seconds = /trying again in (\d+) s/.exec(line)?.[1];
    if (seconds !== undefined) setImmediate(() => this.clock.move((Number(seconds) + 1) * 1000));
  }
}
