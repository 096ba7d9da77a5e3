/** Where a door can be reached. A Unix socket's path is in `host` and its port is 0. */
export interface Listener {
  readonly transport: "tcp" | "tls" | "udp" | "unix";
  readonly host: string;
  readonly port: number;
}

/** Counters of one door since it opened; closings are by the kind of {@link CloseReason}. */
export interface DoorStats {
  readonly open: number;
  readonly accepted: number;
  readonly refused: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly closed: Readonly<Record<string, number>>;
}

/** A service that listens. Reactors, UDP and HTTP look the same to the daemon that drains them. */
export interface Door {
  readonly name: string;
  readonly listeners: readonly Listener[];
  /** Opens every listener or none; rejects with a {@link ListenError} that names the address. */
  start(): Promise<void>;
  /** Takes no new peers from now on. */
  suspend(): void;
  /** Ends every connection: last words, two seconds, transfers until `deadline` (on the clock's `mono`), then killed and counted. */
  drain(deadline: number): Promise<{ killed: number }>;
  stats(): DoorStats;
}
