import type { Clock } from "../clock.ts";
import type { Transfer } from "./transfers.ts";

/** An upload whose next piece has not come for so long has broken off; what has come stays. */
const REST_MS = 60_000;

interface Rest {
  readonly transfer: Transfer;
  cancel(): void;
}

/**
 * Uploads between two of their pieces, by their part: one that comes by several requests is one transfer, which goes on
 * with each of them.
 */
export class Resting {
  private readonly rests = new Map<string, Rest>();

  constructor(private readonly clock: Clock) {}

  /** `why` is told of it when it is not gone on with. */
  rest(id: string, transfer: Transfer, why: string): void {
    this.end(id, "another upload of the same file was begun");
    const cancel = this.clock.after(REST_MS, () => this.end(id, why));
    this.rests.set(id, { transfer, cancel });
  }

  /** The transfer that an upload by `door` goes on with at `offset`; null: it begins one of its own. */
  goOn(id: string, door: string, offset: number): Transfer | null {
    const rest = this.rests.get(id);
    if (rest === undefined) return null;
    const { spec, bytes } = rest.transfer;
    if (spec.door !== door || spec.offset + bytes !== offset) {
      this.end(id, "the upload was begun anew");
      return null;
    }
    rest.cancel();
    this.rests.delete(id);
    return rest.transfer;
  }

  /** The server ends. */
  close(): void {
    for (const id of [...this.rests.keys()]) this.end(id, "the server was stopped");
  }

  private end(id: string, why: string): void {
    const rest = this.rests.get(id);
    this.rests.delete(id);
    rest?.cancel();
    rest?.transfer.end("broken", why);
  }
}
