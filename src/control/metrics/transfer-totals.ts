import type { Transfer, TransferOutcome, Transfers } from "../../files/transfers.ts";

type Direction = Transfer["spec"]["direction"];

export interface TransferTotal {
  readonly direction: Direction;
  readonly outcome: TransferOutcome;
  count: number;
}

/** How many transfers have ended in which way, and the bytes of all that ever ran. */
export class TransferTotals {
  readonly ended: readonly TransferTotal[] = (["get", "put"] as const).flatMap((direction) =>
    (["done", "broken", "failed"] as const).map((outcome) => ({ direction, outcome, count: 0 })),
  );
  private readonly endedBytes: Record<Direction, number> = { get: 0, put: 0 };

  constructor(private readonly transfers: Transfers) {
    transfers.onEnd((transfer) => this.add(transfer));
  }

  /** Bytes moved in one direction, those of the running ones included. */
  bytes(direction: Direction): number {
    let sum = this.endedBytes[direction];
    for (const { spec, bytes } of this.transfers.running) if (spec.direction === direction) sum += bytes;
    return sum;
  }

  running(direction: Direction): number {
    let count = 0;
    for (const { spec } of this.transfers.running) if (spec.direction === direction) count++;
    return count;
  }

  private add({ spec: { direction }, bytes, outcome }: Transfer): void {
    this.endedBytes[direction] += bytes;
    const total = this.ended.find((row) => row.direction === direction && row.outcome === outcome);
    if (total !== undefined) total.count += 1;
  }
}
