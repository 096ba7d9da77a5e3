import { LinkDown, Refused } from "./link.ts";

/** One room that says no is no reason to stay out of the others. */
export function ignoreRefusals(error: unknown): void {
  if (!(error instanceof Refused)) throw error;
}

/** What a broken connection or a refusal leaves undone here is done after the next welcome, or not wanted. */
export function ignoreEnds(error: unknown): void {
  if (!(error instanceof LinkDown || error instanceof Refused)) throw error;
}
