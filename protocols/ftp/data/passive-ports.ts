import type { Clock } from "../../../src/clock.ts";
import { ListenError } from "../../../src/net/listen.ts";
import type { ListenOnce, Net, OneShot } from "../../../src/net/protocol.ts";
import { randomBelow } from "../random.ts";

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** How long a client waits for a port when all are taken, milliseconds. */
const PATIENCE_MS = 5_000;

/** All ports of the range are taken, and none became free in time. */
export class NoPortError extends Error {
  override readonly name = "NoPortError";
}

/**
 * The ports on which clients are waited for. Which one a client gets is left to chance, so that nobody else knows where to
 * connect first (RFC 2577, section 3).
 */
export class PassivePorts {
  private readonly taken = new Set<number>();
  private waiting: (() => void)[] = [];

  constructor(
    /** Null: any port that is free. */
    readonly range: PortRange | null,
    private readonly clock: Clock,
  ) {}

  /** "ports 9500 to 9599", for errors. */
  get shown(): string {
    return this.range === null ? "the passive ports" : `ports ${this.range.from} to ${this.range.to}`;
  }

  /** Listens on one of the ports; waits up to 5 s for one. @throws NoPortError */
  async listen(net: Net, o: Omit<ListenOnce, "port">): Promise<OneShot> {
    const { range } = this;
    if (range === null) return net.listenOnce({ ...o, port: 0 });
    return this.tryAll(range, net, o) ?? (await this.wait(range, net, o));
  }

  private async wait(range: PortRange, net: Net, o: Omit<ListenOnce, "port">): Promise<OneShot> {
    let isLate = false;
    const cancel = this.clock.after(PATIENCE_MS, () => {
      isLate = true;
      this.wakeAll();
    });
    try {
      for (;;) {
        await new Promise<void>((resolve) => this.waiting.push(resolve));
        const found = this.tryAll(range, net, o);
        if (found !== null) return found;
        if (isLate) throw new NoPortError(`all of ${this.shown} are taken`);
      }
    } finally {
      cancel();
    }
  }

  private tryAll({ from, to }: PortRange, net: Net, o: Omit<ListenOnce, "port">): OneShot | null {
    const count = to - from + 1;
    const first = randomBelow(count);
    for (let i = 0; i < count; i++) {
      const port = from + ((first + i) % count);
      const oneShot = this.taken.has(port) ? null : this.tryOne(port, net, o);
      if (oneShot !== null) return oneShot;
    }
    return null;
  }

  private tryOne(port: number, net: Net, o: Omit<ListenOnce, "port">): OneShot | null {
    try {
      const oneShot = net.listenOnce({ ...o, port });
      this.taken.add(port);
      const free = () => this.free(port);
      oneShot.arrived.then(free, free);
      return oneShot;
    } catch (error) {
      if (error instanceof ListenError && (error.code === "in-use" || error.code === "permission")) return null;
      throw error;
    }
  }

  private free(port: number): void {
    this.taken.delete(port);
    this.wakeAll();
  }

  private wakeAll(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
