/** So many ids are remembered, as many as a peer may have ended before it hears of the first. */
const MOST = 1024;

/** The ids of transfers that ended lately, so that chunks which were on their way meanwhile can be told from nonsense. */
export class RecentIds {
  private readonly ids = new Set<number>();

  add(id: number): void {
    this.ids.delete(id);
    this.ids.add(id);
    if (this.ids.size <= MOST) return;
    const [oldest] = this.ids;
    if (oldest !== undefined) this.ids.delete(oldest);
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }
}
