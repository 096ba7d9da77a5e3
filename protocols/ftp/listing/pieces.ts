import type { Entry } from "../../../src/files/entry.ts";

/**
 * The entries of a list, piece by piece. It may hold a folder open, so it is read to its end or closed: no chain of
 * generators would do, because one that was never asked for anything runs no `finally` when it is told to return.
 */
export class Pieces implements AsyncIterable<readonly Entry[]> {
  private constructor(
    private readonly first: readonly Entry[],
    private readonly rest: AsyncGenerator<readonly Entry[]> | null,
    private readonly isShown: (entry: Entry) => boolean,
  ) {}

  /** Of a folder. What is refused is refused now, before a data connection is opened for it: rejects with a VaultError. */
  static async open(
    entries: AsyncGenerator<readonly Entry[]>,
    isShown: (entry: Entry) => boolean = () => true,
  ): Promise<Pieces> {
    const first = await entries.next();
    return new Pieces(first.done === true ? [] : first.value, entries, isShown);
  }

  /** Of a single file. */
  static of(entry: Entry): Pieces {
    return new Pieces([entry], null, () => true);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Entry[]> {
    try {
      yield this.first.filter(this.isShown);
      for await (const piece of this.rest ?? []) yield piece.filter(this.isShown);
    } finally {
      await this.close();
    }
  }

  /** Safe to call at any time. */
  async close(): Promise<void> {
    await this.rest?.return(undefined);
  }
}
