import type { PortChoice } from "./config/port.ts";
import { portKey } from "./config.ts";
import { CommandError, Exit } from "./exit.ts";
import { hasIpv6Loopback } from "./net/host.ts";
import type { ListenSpec } from "./net/listen.ts";

/** The settings that decide where doors listen. */
export interface WhereSettings {
  readonly host: readonly string[];
  readonly basePort: number;
  readonly wellKnownPorts: boolean;
  readonly doors: readonly string[];
  readonly [key: string]: unknown;
}

/** The two numbers of a door that its port is made of. */
export interface DoorNumbers {
  readonly name: string;
  readonly offset: number;
  readonly wellKnown: number | null;
}

/**
 * Where a door listens: its own `--NAME-port`, else the port that clients try by themselves (`--well-known-ports`), else
 * the base port plus its offset, on every host. Null: it does not open. Throws {@link CommandError} when the sum is no port.
 */
export function whereOf(door: DoorNumbers, settings: WhereSettings): readonly ListenSpec[] | null {
  if (!settings.doors.includes(door.name)) return null;
  const choice = settings[portKey(door.name)] as PortChoice;
  if (choice?.kind === "off") return null;
  if (choice?.kind === "unix") return [{ unix: choice.path }];
  const port = choice === null ? usualPort(door, settings) : choice.port;
  return settings.host.map((host) => ({ host, port }));
}

function usualPort(door: DoorNumbers, { basePort, wellKnownPorts }: WhereSettings): number {
  if (wellKnownPorts && door.wellKnown !== null) return door.wellKnown;
  if (basePort === 0) return 0;
  const port = basePort + door.offset;
  if (port <= 65_535) return port;
  throw new CommandError(
    Exit.usage,
    `--base-port ${basePort} leaves no port for the ${door.name} door (${port}); give at most ${65_535 - door.offset}`,
  );
}

/** The default hosts, without `::1` where the machine has no IPv6; hosts that somebody asked for are never left out. */
export function defaultHosts(hosts: readonly string[]): readonly string[] {
  return hasIpv6Loopback() ? hosts : hosts.filter((host) => host !== "::1");
}
