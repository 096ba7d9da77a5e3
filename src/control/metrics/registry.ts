import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { Watched } from "../status.ts";
import { openDescriptors } from "./descriptors.ts";
import { LoopDelay } from "./loop-delay.ts";
import type { TransferTotals } from "./transfer-totals.ts";

/** A value, and what tells it from the others of its name: never a nick, a path or an address. */
type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

export interface Measured {
  readonly watched: Watched;
  readonly totals: TransferTotals;
  /** The soft limit on open descriptors; null: unlimited. */
  readonly descriptors: number | null;
  isReady(): boolean;
}

const DELAYS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** All that is measured, in the names of Prometheus. Everything is counted elsewhere and read when somebody looks. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly delay: LoopDelay;

  constructor(private readonly m: Measured) {
    const histogram = new Histogram({
      name: "tincan_loop_delay_seconds",
      help: "How late the loop was for what was due; measured while somebody looks",
      buckets: DELAYS,
      registers: [this.registry],
    });
    this.delay = new LoopDelay(m.watched.runtime.clock, (seconds) => histogram.observe(seconds));
    this.addProcess();
    this.addDoors();
    this.addCore();
  }

  text(): Promise<string> {
    this.delay.watch();
    return this.registry.metrics();
  }

  private addProcess(): void {
    const { watched, descriptors, isReady } = this.m;
    const { version, began } = watched;
    this.gauge("build_info", "The version that runs", ["version", "bun"], () => [[1, { version, bun: Bun.version }]]);
    this.gauge("start_time_seconds", "When it began, since 1970 UTC", [], () => [[began.now / 1000]]);
    this.gauge("ready", "1 while /readyz says so", [], () => [[isReady() ? 1 : 0]]);
    this.gauge("resident_memory_bytes", "Resident memory", [], () => [[process.memoryUsage.rss()]]);
    this.gauge("open_descriptors", "Open file descriptors", [], () => [[openDescriptors()]]);
    if (descriptors !== null)
      this.gauge("max_descriptors", "How many descriptors may be open", [], () => [[descriptors]]);
    this.counter("cpu_seconds_total", "Time of the processor", ["mode"], () => {
      const { user, system } = process.cpuUsage();
      return [
        [user / 1e6, { mode: "user" }],
        [system / 1e6, { mode: "system" }],
      ];
    });
  }

  private addDoors(): void {
    const { doors, runtime } = this.m.watched;
    const each = (samples: (stats: ReturnType<(typeof doors)[number]["stats"]>) => readonly Sample[]) => () =>
      doors.flatMap((door) =>
        samples(door.stats()).map(([value, labels]): Sample => [value, { door: door.name, ...labels }]),
      );
    this.gauge(
      "connections",
      "Connections that are open: read, or waiting (not read at this moment, or not reading)",
      ["door", "state"],
      each(({ open, waiting }) => [
        [open - waiting, { state: "read" }],
        [waiting, { state: "waiting" }],
      ]),
    );
    this.gauge("max_connections", "How many connections and open files there may be", [], () => [
      [runtime.limits.maxConnections],
    ]);
    this.counter(
      "connections_accepted_total",
      "Connections let in",
      ["door"],
      each(({ accepted }) => [[accepted]]),
    );
    this.counter(
      "connections_refused_total",
      "Connections not let in",
      ["door"],
      each(({ refused }) => [[refused]]),
    );
    this.counter(
      "connections_closed_total",
      "Connections that have ended, by why",
      ["door", "reason"],
      each(({ closed }) => Object.entries(closed).map(([reason, count]) => [count, { reason }])),
    );
    this.counter(
      "slow_consumers_total",
      "Connections ended because they did not read",
      ["door"],
      each(({ closed }) => [[closed["slow"] ?? 0]]),
    );
    this.counter(
      "received_bytes_total",
      "Bytes from peers",
      ["door"],
      each(({ bytesIn }) => [[bytesIn]]),
    );
    this.counter(
      "sent_bytes_total",
      "Bytes to peers",
      ["door"],
      each(({ bytesOut }) => [[bytesOut]]),
    );
    this.counter(
      "datagrams_total",
      "Datagrams, by direction",
      ["door", "direction"],
      each(({ datagrams }) =>
        datagrams === undefined
          ? []
          : [
              [datagrams.in, { direction: "in" }],
              [datagrams.out, { direction: "out" }],
            ],
      ),
    );
    this.counter(
      "datagrams_dropped_total",
      "Datagrams not answered, by why",
      ["door", "reason"],
      each(({ datagrams }) => Object.entries(datagrams?.dropped ?? {}).map(([reason, count]) => [count, { reason }])),
    );
  }

  private addCore(): void {
    const { watched, totals } = this.m;
    const { hub } = watched;
    const directions = ["get", "put"] as const;
    this.gauge("chat_members", "Who is in the chat", [], () => [[hub.stats().members]]);
    this.gauge("chat_rooms", "Rooms", [], () => [[hub.stats().rooms]]);
    this.counter("chat_events_total", "What was told in rooms and between members", [], () => [[hub.told.events]]);
    this.counter("chat_deliveries_total", "The same, counted for each who was told", [], () => [[hub.told.deliveries]]);
    this.gauge("transfers_running", "Transfers that run", ["direction"], () =>
      directions.map((direction) => [totals.running(direction), { direction }]),
    );
    this.counter("transfers_total", "Transfers that have ended, by how", ["direction", "outcome"], () =>
      totals.ended.map(({ direction, outcome, count }) => [count, { direction, outcome }]),
    );
    this.counter("transfer_bytes_total", "Bytes of files", ["direction"], () =>
      directions.map((direction) => [totals.bytes(direction), { direction }]),
    );
  }

  private gauge(name: string, help: string, labelNames: readonly string[], read: () => readonly Sample[]): void {
    new Gauge<string>({
      ...{ name: `tincan_${name}`, help, labelNames, registers: [this.registry] },
      collect() {
        this.reset();
        for (const [value, labels = {}] of read()) this.set(labels, value);
      },
    });
  }

  private counter(name: string, help: string, labelNames: readonly string[], read: () => readonly Sample[]): void {
    new Counter<string>({
      ...{ name: `tincan_${name}`, help, labelNames, registers: [this.registry] },
      collect() {
        this.reset();
        for (const [value, labels = {}] of read()) this.inc(labels, value);
      },
    });
  }
}
