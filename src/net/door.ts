/** Where a door can be reached. A Unix socket's path is in `host` and its port is 0. */
export interface Listener {
  readonly transport: "tcp" | "tls" | "udp" | "unix";
  readonly host: string;
  readonly port: number;
}

/** Counters of one door since it opened; closings are by the kind of {@link CloseReason}. */
export interface DoorStats {
  readonly open: number;
  /** Open connections on which something waits: the server does not read them at this moment, or the peer does not read. */
  readonly waiting: number;
  readonly accepted: number;
  readonly refused: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly closed: Readonly<Record<string, number>>;
  /** What a door over UDP counts; a datagram opens no connection. */
  readonly datagrams?: DatagramStats;
}

export interface DatagramStats {
  readonly in: number;
  readonly out: number;
  /** Datagrams that were not answered and answers that were not sent, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** A service that listens. Over TCP or UDP, it looks the same to the daemon, which opens, counts and drains it. */
export interface Door {
  readonly name: string;
  readonly listeners: readonly Listener[];
  /** Opens every listener or none; rejects with a {@link ListenError} that names the address. */
  start(): Promise<void>;
  /** Takes no new peers from now on. */
  suspend(): void;
  /**
   * Ends every connection. Each says its last words and has two seconds to leave, or until `deadline` (on the clock's `mono`)
   * if a transfer runs. Those that are still there then are killed; resolves with how many these were.
   */
  drain(deadline: number): Promise<{ killed: number }>;
  stats(): DoorStats;
}

/** One door out of several kinds of listener (TCP and UDP): they open together, drain together and count as one. */
export function joinDoors(name: string, doors: readonly Door[]): Door {
  return {
    name,
    get listeners() {
      return doors.flatMap((door) => door.listeners);
    },
    async start() {
      try {
        for (const door of doors) await door.start();
      } catch (error) {
        for (const door of doors) door.suspend();
        throw error;
      }
    },
    suspend() {
      for (const door of doors) door.suspend();
    },
    async drain(deadline) {
      const results = await Promise.all(doors.map((door) => door.drain(deadline)));
      return { killed: results.reduce((sum, { killed }) => sum + killed, 0) };
    },
    stats: () => doors.map((door) => door.stats()).reduce(addStats),
  };
}

function addStats(a: DoorStats, b: DoorStats): DoorStats {
  const datagrams = a.datagrams && b.datagrams ? addDatagrams(a.datagrams, b.datagrams) : (a.datagrams ?? b.datagrams);
  return {
    open: a.open + b.open,
    waiting: a.waiting + b.waiting,
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    closed: addCounts(a.closed, b.closed),
    ...(datagrams ? { datagrams } : {}),
  };
}

function addDatagrams(a: DatagramStats, b: DatagramStats): DatagramStats {
  return { in: a.in + b.in, out: a.out + b.out, dropped: addCounts(a.dropped, b.dropped) };
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [kind, count] of Object.entries(b)) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}
