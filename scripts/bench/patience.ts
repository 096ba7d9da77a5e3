import { machineCpu } from "./usage.ts";

/** Foreign load in cores that a sample may have. */
export const DISTURBED = 0.15;
const LOOK_MS = 100;
const MOST_WAITING_MS = 3_000;

/** The time a run may spend on waiting for a quiet machine and on repeating what others have disturbed. */
export class Patience {
  private left: number;

  constructor(seconds: number) {
    this.left = seconds * 1000;
  }

  /** Takes `ms` of what is left; false when that is not enough. */
  spend(ms: number): boolean {
    if (this.left < ms) return false;
    this.left -= ms;
    return true;
  }

  /** Returns when the other processes of the machine are quiet, after three seconds, or when patience is at its end. */
  async untilQuiet(): Promise<void> {
    for (let waited = 0; waited < MOST_WAITING_MS; waited += LOOK_MS) {
      const before = machineCpu();
      await Bun.sleep(LOOK_MS);
      if ((machineCpu() - before) * 1000 <= LOOK_MS * DISTURBED || !this.spend(LOOK_MS)) return;
    }
  }
}
