import { shellWord } from "../../bytes/shell.ts";
import { hostInUrl } from "../../bytes/url.ts";
import type { Certificate } from "../../certificate/certificate.ts";
import type { Listener } from "../../net/door.ts";
import { isWildcard } from "../../net/host.ts";
import type { OpenDoor } from "../../open-door.ts";

/** How commands are written that are to be pasted. */
export interface Pasting {
  /** The addresses that other machines use. */
  readonly others: readonly string[];
  /** Null: there is no TLS. */
  readonly certificate: Certificate | null;
  /** A client of tincan's own, as another terminal must call it: `tincan ls`. */
  readonly client: string;
}

/**
 * What the announcement says of TLS: a command for each door that speaks it, and how to know a certificate that nobody
 * vouches for. Empty without a certificate.
 */
export function tlsText(doors: readonly OpenDoor[], pasting: Pasting): string {
  const { certificate } = pasting;
  const rows = doors
    .filter(({ closed }) => !closed)
    .map((open) => tlsRow(open, pasting))
    .filter((row) => row !== null);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, command]) => `  ${name.padEnd(width)}  ${command}\n`);
  const proof =
    certificate?.selfSigned === true
      ? `The certificate is self-signed; clients show this SHA-256 fingerprint:\n${certificate.fingerprint}\n`
      : "";
  return `${lines.length === 0 ? "" : `\nOver TLS:\n\n${lines.join("")}`}${proof === "" ? "" : `\n${proof}`}`;
}

function tlsRow(open: OpenDoor, pasting: Pasting): readonly [string, string] | null {
  const { kind, door } = open;
  const of = (wanted: Listener["transport"]) => door.listeners.find(({ transport }) => transport === wanted);
  const [secure, plain] = [of("tls"), of("tcp")];
  const upgrade = kind.tls?.upgrade === undefined || plain === undefined ? "" : `${kind.tls.upgrade} on ${plain.port}`;
  if (secure === undefined) return null;
  const command = pasteTls(open, secure, pasting);
  return [kind.name, upgrade === "" ? command : `${command}  (and ${upgrade})`];
}

/** A command for a listener that speaks TLS. */
export function pasteTls({ pasteTls, ownClients }: OpenDoor, { host, port }: Listener, pasting: Pasting): string {
  const { others, certificate, client } = pasting;
  const reached = hostOf(host, others);
  const place = `${hostInUrl(reached)}:${port}`;
  const own = pasteTls(reached, port);
  if (own !== null) return own;
  // In hex alone the row has 80 columns.
  if (ownClients && certificate !== null)
    return `${client} --tls ${shellWord(place)} \\\n  --fingerprint ${certificate.fingerprint.replaceAll(":", "")}`;
  return `openssl s_client -quiet -connect ${place}`;
}

/** What to call a host that is listened on: a wildcard is no address to connect to. */
export function hostOf(host: string, others: readonly string[]): string {
  return isWildcard(host) ? (others[0] ?? "127.0.0.1") : host;
}
