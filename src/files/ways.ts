import { shellWord } from "../bytes/shell.ts";
import { escapeText } from "../bytes/text.ts";
import { encodePath, hostInUrl } from "../bytes/url.ts";

/** Where somebody can fetch files from. */
export interface Reach {
  readonly host: string;
  /** Ports of the doors; null when one is not open. */
  readonly framed: number | null;
  readonly ftp: number | null;
  /** The files for browsers: `http://10.0.0.5:8480/files`; null when there is no such door. */
  readonly http: string | null;
  /** How a client knows who answers on the framed port: `--tls --fingerprint …`. Absent: it speaks no TLS. */
  readonly tls?: string;
  /** Whose account is needed there. */
  readonly user?: string;
}

/** What clients try by themselves. */
const FRAMED_PORT = 8400;
const FRAMED_TLS_PORT = 8401;
const FTP_PORT = 21;

/**
 * How to fetch a path, best first: a command to paste, and one address for any other client: of the web, which most have,
 * else of FTP. What a terminal would not show as it is stands percent-encoded (RFC 3986, section 2.1), so that what is
 * shown is what is fetched.
 */
export function waysTo(path: string, reach: Reach, folder = false): readonly string[] {
  const target = framedTarget(path, reach);
  const get = commandFor(folder ? "tincan get -r" : "tincan get", reach);
  const address = httpAddress(folder && path !== "/" ? `${path}/` : path, reach) ?? ftpAddress(path, reach);
  return [target === null ? null : `${get} ${target}`, address].filter((way) => way !== null);
}

/** How to add a file of this machine, best first: two commands in which FILE stands for it. */
export function waysToAdd(reach: Reach): readonly string[] {
  const target = framedTarget("/", reach);
  const address = httpAddress("/", reach) ?? ftpAddress("/", reach);
  // Nobody vouches for most certificates of this network's own.
  const curl = address?.startsWith("https:") ? "curl -k -T" : "curl -T";
  const put = target === null ? null : `${commandFor("tincan put", reach)} FILE ${target}`;
  return [put, address === null ? null : `${curl} FILE ${address}`].filter((way) => way !== null);
}

/** How to list all of a folder, a command or an address; null when no door does that. */
export function listingWay(path: string, reach: Reach): string | null {
  const target = framedTarget(path, reach);
  if (target !== null) return `${commandFor("tincan ls", reach)} ${target}`;
  return ftpAddress(path === "/" ? path : `${path}/`, reach);
}

function commandFor(command: string, { tls }: Reach): string {
  return tls === undefined ? command : `${command} ${tls}`;
}

/** What stands behind a command of tincan's; null without a door for it. */
function framedTarget(path: string, { host, framed, tls, user }: Reach): string | null {
  if (framed === null) return null;
  const usual = tls === undefined ? FRAMED_PORT : FRAMED_TLS_PORT;
  const place = `${user === undefined ? "" : `${user}@`}${hostInUrl(host)}${framed === usual ? "" : `:${framed}`}`;
  return shellWord(escapeText(path) === path ? `${place}${path}` : `tincan://${place}${encodePath(path)}`);
}

function httpAddress(path: string, { http }: Reach): string | null {
  return http === null ? null : `${http}${encodePath(path)}`;
}

function ftpAddress(path: string, { host, ftp }: Reach): string | null {
  return ftp === null ? null : `ftp://${hostInUrl(host)}${ftp === FTP_PORT ? "" : `:${ftp}`}${encodePath(path)}`;
}
