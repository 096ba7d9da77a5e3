import { formatPercent, formatSize } from "../../bytes/amounts.ts";
import type { Progress } from "../progress/progress.ts";
import type { Retry } from "./retry.ts";

/** What all transfers of a command share. */
export interface Shared {
  readonly progress: Progress;
  readonly retry: Retry;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Replace files that are there. */
  readonly force: boolean;
}

/** A file that is whole, where it should be. */
export interface Moved {
  readonly bytes: number;
  /** Of the whole file; both sides have the same. */
  readonly sha256: string;
  /** It was there before. */
  readonly already: boolean;
  /** Where it was taken up again; 0 for the start. */
  readonly resumedAt: number;
}

/** So many bytes take a while to read and hash, and that is told. */
const LONG = 1_000_000_000;

/** What is told before bytes that are there already are hashed on both sides; null where that is done at once. */
export function checkingLine(name: string, bytes: number): string | null {
  return bytes < LONG ? null : `checking the ${formatSize(bytes)} of ${name} that are there already`;
}

/** What is told of a file in whose middle the user interrupts. */
export function stoppedLine(name: string, bytes: number, size: number): string {
  return `${name}: stopped at ${formatPercent(bytes, size)}; run the same command again to go on`;
}
