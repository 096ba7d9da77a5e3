import type { DoorKind } from "../protocols/door-kind.ts";
import type { Certificate } from "./certificate/certificate.ts";
import type { OpenDoor } from "./daemon.ts";
import type { Listener } from "./net/door.ts";
import { isWildcard } from "./net/host.ts";

/**
 * What the announcement says of TLS: a command for each door that speaks it, and how to know a certificate that nobody
 * vouches for. Empty without a certificate. `others` are the addresses that other machines use.
 */
export function tlsText(
  doors: readonly OpenDoor[],
  others: readonly string[],
  certificate: Certificate | null,
): string {
  const rows = doors.map((open) => tlsRow(open, others)).filter((row) => row !== null);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, command]) => `  ${name.padEnd(width)}  ${command}\n`);
  const proof =
    certificate?.selfSigned === true
      ? `The certificate is self-signed; clients show this SHA-256 fingerprint:\n${certificate.fingerprint}\n`
      : "";
  return `${lines.length === 0 ? "" : `\nOver TLS:\n\n${lines.join("")}`}${proof === "" ? "" : `\n${proof}`}`;
}

function tlsRow({ kind, door }: OpenDoor, others: readonly string[]): readonly [string, string] | null {
  const of = (wanted: Listener["transport"]) => door.listeners.find(({ transport }) => transport === wanted);
  const [secure, plain] = [of("tls"), of("tcp")];
  const upgrade = kind.tls?.upgrade === undefined || plain === undefined ? "" : `${kind.tls.upgrade} on ${plain.port}`;
  if (secure === undefined) return null;
  const command = pasteTls(kind, secure, others);
  return [kind.name, upgrade === "" ? command : `${command}  (and ${upgrade})`];
}

/** A command for a listener that speaks TLS. */
export function pasteTls({ tls }: DoorKind, { host, port }: Listener, others: readonly string[]): string {
  const reached = hostOf(host, others);
  if (tls?.paste) return tls.paste(reached, port);
  return `openssl s_client -quiet -connect ${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

/** What to call a host that is listened on: a wildcard is no address to connect to. */
export function hostOf(host: string, others: readonly string[]): string {
  return isWildcard(host) ? (others[0] ?? "127.0.0.1") : host;
}
