import type { Hub } from "../chat/hub.ts";
import type { Transfer, TransferSpec, Transfers } from "../files/transfers.ts";
import type { DatagramStats, Door, Listener } from "../net/door.ts";
import type { Runtime } from "../net/runtime.ts";

/** What a daemon tells of itself. Sizes in bytes, times in seconds, rates in bytes a second. */
export interface Status {
  readonly version: string;
  readonly pid: number;
  /** RFC 3339, UTC. */
  readonly started: string;
  readonly uptime: number;
  /** The real path of the folder that is shared. */
  readonly share: string | null;
  /** Why `/readyz` is red, as a sentence; null: it is not. */
  readonly notReady: string | null;
  /** What is gone of what it needs on the disk, as sentences; it may be ready without. */
  readonly troubles: readonly string[];
  readonly memory: { readonly rss: number };
  readonly connections: {
    /** Of all doors: the sum of theirs. */
    readonly active: number;
    /** Those of them that FTP clients have opened for a file or a list, beside the one that they talk on. */
    readonly data: number;
    readonly waiting: number;
    /** Files and folders that peers hold open, in descriptors. */
    readonly openFiles: number;
    /** Of connections and open files together. */
    readonly limit: number;
    /** Of one address. Null: 256, and none on the loopback. */
    readonly limitPerAddress: number | null;
  };
  /** By name, as in the announcement. */
  readonly doors: Readonly<Record<string, DoorStatus>>;
  readonly members: number;
  readonly rooms: readonly { readonly room: string; readonly members: number }[];
  /** Whoever is in the chat or has come for files, by a name or without; a thousand at most. */
  readonly people: readonly Person[];
  /** Those that run; a thousand at most. */
  readonly transfers: readonly TransferStatus[];
}

export interface DoorStatus {
  /** The first TCP port; 0 when there is none. */
  readonly port: number;
  readonly listeners: readonly Listener[];
  /** Connections that are open, those for data included. */
  readonly active: number;
  /** Connections that are not read at this moment (flood limit, login, disk), or do not read. */
  readonly waiting: number;
  /** Of connections and open files; one for all doors together. */
  readonly limit: number;
  readonly accepted: number;
  readonly refused: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly datagrams?: DatagramStats;
}

export interface Person {
  readonly name: string | null;
  readonly account: string | null;
  readonly door: string;
  /** "" on a Unix socket. */
  readonly host: string;
  /** Bytes that wait for it. */
  readonly pending: number;
}

export interface TransferStatus extends TransferSpec {
  readonly id: number;
  readonly bytes: number;
  /** Of the whole file, what an earlier try moved included; null when nobody knows. */
  readonly size: number | null;
  readonly percent: number | null;
  readonly rate: number;
  readonly eta: number | null;
  readonly seconds: number;
}

/** The parts of a daemon that are looked at. */
export interface Watched {
  readonly version: string;
  /** When it began, on the clock's `now` and `mono`. */
  readonly began: { readonly now: number; readonly mono: number };
  readonly share: string | null;
  readonly runtime: Runtime;
  readonly hub: Hub;
  readonly transfers: Transfers;
  readonly doors: readonly Door[];
}

/** What is listed of people, rooms and transfers: enough for a person, and an answer that is bounded. */
const MOST = 1_000;

export function statusOf(
  { version, began, share, runtime, hub, transfers, doors }: Watched,
  notReady: string | null,
  troubles: readonly string[],
): Status {
  const { clock, admission, limits } = runtime;
  const stats = doors.map((door) => [door.name, doorStatus(door, limits.maxConnections)] as const);
  return {
    version,
    pid: process.pid,
    started: new Date(began.now).toISOString(),
    uptime: rounded((clock.mono() - began.mono) / 1000),
    share,
    notReady,
    troubles,
    memory: { rss: process.memoryUsage.rss() },
    connections: {
      active: sumOf(stats.map(([, { active }]) => active)),
      data: sumOf(Array.from(runtime.groups, ({ dataConnections }) => dataConnections)),
      waiting: sumOf(stats.map(([, { waiting }]) => waiting)),
      openFiles: admission.files,
      limit: limits.maxConnections,
      limitPerAddress: limits.maxPerAddress,
    },
    doors: Object.fromEntries(stats),
    members: hub.stats().members,
    rooms: hub.rooms,
    people: people(runtime),
    transfers: Array.from(transfers.running).slice(0, MOST).map(transferStatus),
  };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function doorStatus(door: Door, limit: number): DoorStatus {
  const { listeners } = door;
  const { closed: _, open, waiting, ...counters } = door.stats();
  const port = listeners.find(({ transport }) => transport === "tcp")?.port ?? 0;
  return { port, listeners, active: open, waiting, limit, ...counters };
}

function people(runtime: Runtime): readonly Person[] {
  const found: Person[] = [];
  for (const conn of runtime.connections()) {
    const { who, host, pending, group } = conn;
    if (who === null) continue;
    found.push({ name: who.name, account: who.account, door: group.name, host, pending });
    if (found.length >= MOST) break;
  }
  return found;
}

function transferStatus(transfer: Transfer): TransferStatus {
  const { id, spec, bytes, elapsed, rate, eta } = transfer;
  const { door, account, host, direction, path, offset, length } = spec;
  const size = length === null ? null : offset + length;
  return {
    ...{ id, door, account, host, direction, path, offset, bytes, length },
    size,
    percent: size === null ? null : percentOf(offset + bytes, size),
    rate: Math.round(rate),
    eta: eta === null ? null : rounded(eta),
    seconds: rounded(elapsed / 1000),
  };
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : rounded(Math.min(100, (100 * part) / whole));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
