import type { Stats } from "node:fs";
import type { Mark } from "./mark.ts";
import type { Pruner } from "./pruner.ts";
import type { HistoryThread } from "./thread.ts";
import type { Turns } from "./turns.ts";
import type { Writer } from "./writer.ts";

/** What there is while the database can be used. */
export interface Disk {
  readonly thread: HistoryThread;
  /** Of the database, as it was opened. */
  readonly file: Pick<Stats, "dev" | "ino">;
  readonly mark: Mark;
  readonly writer: Writer;
  readonly pruner: Pruner;
  /** One page is read after the other, so that what is written waits for one at most; a search never holds them up. */
  readonly pages: Turns;
  /** The same for the slices of searches. */
  readonly searches: Turns;
}
