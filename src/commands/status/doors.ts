import { formatSize } from "../../bytes/amounts.ts";
import { type Column, formatTable } from "../../client/table.ts";
import type { DoorStatus, Status } from "../../control/status.ts";
import { formatAddress, socketAddress } from "../../net/address.ts";
import type { Listener } from "../../net/door.ts";
import { count } from "./lists.ts";
import type { Room } from "./room.ts";

const right = (title: string): Column => ({ title, right: true });

const WIDE: readonly Column[] = [
  { title: "DOOR" },
  { title: "LISTENS ON", least: 15 },
  ...["ACTIVE", "WAITING"].map(right),
  { title: "LIMIT", right: true, spare: true },
  ...["REFUSED", "SEEN", "IN", "OUT"].map(right),
];

/** The doors and what they count. On a terminal a port stands for its addresses, if these are the {@link usualHosts}. */
export function doorTable(doors: Status["doors"], { columns }: Room): string {
  const usual = Number.isFinite(columns) ? usualHosts(doors) : null;
  const rows = Object.entries(doors).map(([name, door]) => [
    name,
    door.listeners.length === 0 ? "closed" : places(door, usual).join(" "),
    ...[door.active, door.waiting, door.limit, door.refused, door.accepted + (door.datagrams?.in ?? 0)].map(count),
    ...[door.bytesIn, door.bytesOut].map(formatSize),
  ]);
  return formatTable(WIDE, rows, columns);
}

/** The addresses that most ports are listened on at; null when there are no ports. */
export function usualHosts(doors: Status["doors"]): readonly string[] | null {
  const sets = Object.values(doors).flatMap((door) => [...byPort(door).values()].map((all) => all.map(hostOf)));
  const often = (hosts: readonly string[]) => sets.filter((other) => `${other}` === `${hosts}`).length;
  return sets.toSorted((a, b) => often(b) - often(a))[0] ?? null;
}

function places(door: DoorStatus, usual: readonly string[] | null): readonly string[] {
  if (usual === null) return door.listeners.map(address);
  const paths = door.listeners.filter(({ transport }) => transport === "unix").map(address);
  const ports = [...byPort(door)].flatMap(([port, all]) =>
    `${all.map(hostOf)}` === `${usual}` ? [port] : all.map(address),
  );
  return [...ports, ...paths];
}

/** Listeners on several addresses by their port, as `8407` or `8407/udp`. */
function byPort({ listeners }: DoorStatus): Map<string, Listener[]> {
  return Map.groupBy(
    listeners.filter(({ transport }) => transport !== "unix"),
    ({ transport, port }) => behind(`${port}`, transport),
  );
}

function address({ transport, host, port }: Listener): string {
  return transport === "unix" ? `unix:${host}` : behind(formatAddress(socketAddress(host, port)), transport);
}

function behind(where: string, transport: Listener["transport"]): string {
  return transport === "tcp" ? where : `${where}/${transport}`;
}

function hostOf({ host }: Listener): string {
  return host;
}
