import { nearlyOutOfDescriptors } from "./metrics/descriptors.ts";
import type { Metrics } from "./metrics/registry.ts";
import { TransferTotals } from "./metrics/transfer-totals.ts";
import { type Status, statusOf, type TransferStatus, type Watched } from "./status.ts";

/** Part of the limit of connections from which on new ones are better sent elsewhere. */
const NEARLY_FULL = 0.95;

/** What has become of what a daemon needs of the disk, in sentences. */
interface Health {
  /** Why it is not ready; null: nothing keeps it from that. */
  readonly notReady: string | null;
  readonly troubles: readonly string[];
}

const SOUND: Health = { notReady: null, troubles: [] };

/** What operators and their programs ask a daemon. */
export class Operations {
  /** It takes no new peers and ends. */
  draining = false;
  private readonly totals: TransferTotals;
  private measured: Promise<Metrics> | null = null;

  /** @param descriptors the soft limit on open descriptors; null: unlimited */
  constructor(
    private readonly watched: Watched,
    private readonly descriptors: number | null,
    private readonly health = SOUND,
  ) {
    this.totals = new TransferTotals(watched.transfers);
  }

  status(): Status {
    return statusOf(this.watched, this.notReady(), this.health.troubles);
  }

  transfers(): readonly TransferStatus[] {
    return this.status().transfers;
  }

  /** Why new peers are better sent elsewhere, as a sentence; null: they are welcome. */
  notReady(): string | null {
    const { admission, limits } = this.watched.runtime;
    if (this.draining) return "the server is shutting down";
    if (admission.count >= NEARLY_FULL * limits.maxConnections) return "nearly all connections are taken";
    if (this.descriptors !== null && nearlyOutOfDescriptors(this.descriptors))
      return "nearly all descriptors of open files are taken";
    return this.health.notReady;
  }

  /** What is measured, as text for Prometheus. What makes it (3 MB) is loaded for the first who asks. */
  async metrics(): Promise<string> {
    this.measured ??= this.measure();
    return (await this.measured).text();
  }

  private async measure(): Promise<Metrics> {
    const { Metrics } = await import("./metrics/registry.ts");
    const { watched, totals, descriptors } = this;
    return new Metrics({ watched, totals, descriptors, isReady: () => this.notReady() === null });
  }
}
