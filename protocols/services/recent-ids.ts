import type { Why } from "./job.ts";

/** So many ids are remembered, as many as a peer may have ended before it hears of the first. */
const MOST = 1024;

/**
 * The ids of transfers that ended lately, so that chunks which were on their way meanwhile can be told from nonsense, and
 * an `end` of what had broken off is told why.
 */
export class RecentIds {
  private readonly ids = new Map<number, Why | null>();

  add(id: number, why: Why | null = null): void {
    this.ids.delete(id);
    this.ids.set(id, why);
    if (this.ids.size <= MOST) return;
    const [oldest] = this.ids.keys();
    if (oldest !== undefined) this.ids.delete(oldest);
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** Why it broke off; null when it did not, or is not remembered. */
  whyOf(id: number): Why | null {
    return this.ids.get(id) ?? null;
  }
}
