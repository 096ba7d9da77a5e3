import type { Origin } from "./config/load.ts";
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

/** The two numbers that a port is made of, and the name in front of `-port`. */
interface PortNumbers {
  readonly name: string;
  readonly offset: number;
  readonly wellKnown: number | null;
}

export interface DoorNumbers extends PortNumbers {
  readonly tls?: PortNumbers;
}

/** Where a door listens in the clear, and where for TLS from the first byte. */
export interface Where {
  readonly plain: readonly ListenSpec[];
  readonly tls: readonly ListenSpec[];
}

/**
 * Where a door listens: its own `--NAME-port`, else the port that clients try by themselves (`--well-known-ports`), else
 * the base port plus its offset, on every host. Null: it does not open. Throws {@link CommandError} when the sum is no
 * port, and when a port for TLS was chosen although there is no certificate.
 */
export function whereOf(door: DoorNumbers, settings: WhereSettings, hasCertificate: boolean): Where | null {
  if (!settings.doors.includes(door.name)) return null;
  const plain = listenSpecs(door, settings);
  const tls = door.tls === undefined ? [] : tlsSpecs(door.tls, settings, hasCertificate);
  return plain.length === 0 && tls.length === 0 ? null : { plain, tls };
}

function tlsSpecs(numbers: PortNumbers, settings: WhereSettings, hasCertificate: boolean): readonly ListenSpec[] {
  if (hasCertificate) return listenSpecs(numbers, settings);
  const choice = settings[portKey(numbers.name)] as PortChoice;
  if (choice === null || choice.kind === "off") return [];
  throw new CommandError(
    Exit.config,
    `--${numbers.name}-port needs a certificate; give --tls-cert and --tls-key, or --tls-self-signed`,
  );
}

function listenSpecs(door: PortNumbers, settings: WhereSettings): readonly ListenSpec[] {
  const choice = settings[portKey(door.name)] as PortChoice;
  if (choice?.kind === "off") return [];
  if (choice?.kind === "unix") return [{ unix: choice.path }];
  const port = choice === null ? usualPort(door, settings) : choice.port;
  return settings.host.map((host) => ({ host, port }));
}

function usualPort(door: PortNumbers, { basePort, wellKnownPorts }: WhereSettings): number {
  if (wellKnownPorts && door.wellKnown !== null) return door.wellKnown;
  if (basePort === 0) return 0;
  const port = basePort + door.offset;
  if (port <= 65_535) return port;
  throw new CommandError(
    Exit.usage,
    `--base-port ${basePort} leaves no port for the ${door.name} door (${port}); give at most ${65_535 - door.offset}`,
  );
}

/**
 * The hosts of `--host` that are listened on. Of the default ones `::1` is left out where the machine has no IPv6, of those
 * that somebody asked for none; each is one once, and `::` takes IPv4 too: `0.0.0.0` beside it would find every port taken.
 */
export function listenHosts(hosts: readonly string[], origin: Origin): readonly string[] {
  if (origin === "default") return hasIpv6Loopback() ? hosts : hosts.filter((host) => host !== "::1");
  return [...new Set(hosts)].filter((host) => host !== "0.0.0.0" || !hosts.includes("::"));
}
