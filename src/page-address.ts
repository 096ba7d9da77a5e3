import { hostInUrl } from "./bytes/url.ts";
import { isLoopback } from "./net/address.ts";
import type { Listener } from "./net/door.ts";
import { isWildcard, reachable } from "./net/host.ts";
import type { OpenDoor } from "./open-door.ts";

/** What a browser needs beside the host. */
interface Place {
  readonly scheme: "http" | "https";
  readonly listeners: readonly Listener[];
  readonly paths: NonNullable<OpenDoor["pages"]>;
}

export interface PageAddress {
  readonly url: string;
  /** What stands before the path of a file. */
  readonly files: string;
  /** Of the operator's own site; null: there is none. */
  readonly site: string | null;
  /** Whether other machines can use it. */
  readonly forOthers: boolean;
}

/** Where browsers find the page: an address that others can reach, if there is one. Null: it is on no port. */
export function pageAddress(doors: readonly OpenDoor[]): PageAddress | null {
  const place = placeOf(doors);
  if (place === null) return null;
  const open = place.listeners.find(({ host }) => !isLoopback(host) && reachable(host).length > 0);
  return open === undefined ? onThisMachine(place) : addressAt(place, open, reachable(open.host)[0] ?? open.host);
}

/** The same for a browser of this machine: by the loopback, if possible, where browsers trust a page without TLS. */
export function pageForBrowser(doors: readonly OpenDoor[]): string | null {
  const place = placeOf(doors);
  return place === null ? null : onThisMachine(place).url;
}

/** The same for somebody who has reached this machine at `host` (see `reachedAt`). */
export function addressFor(doors: readonly OpenDoor[], host: string): PageAddress | null {
  if (isWildcard(host)) return pageAddress(doors);
  const place = placeOf(doors);
  if (place === null) return null;
  const there = place.listeners.find((listener) => listener.host === host);
  const listener = there ?? place.listeners.find((wildcard) => isWildcard(wildcard.host));
  return listener === undefined || host === "" ? onThisMachine(place) : addressAt(place, listener, host);
}

/** What stands before `files` and `api` in the addresses that other machines can use, those in the clear first. */
export function rootsForOthers(doors: readonly OpenDoor[]): readonly string[] {
  return placesOf(doors).flatMap((place) => {
    const open = place.listeners.filter(({ host }) => !isLoopback(host));
    return open.flatMap((listener) =>
      reachable(listener.host).map((host) => addressAt(place, listener, host).files.replace(/files$/, "")),
    );
  });
}

function onThisMachine(place: Place): PageAddress {
  const { listeners } = place;
  const loopback = listeners.find(({ host }) => isLoopback(host));
  const listener = loopback ?? listeners.find(({ host }) => isWildcard(host)) ?? (listeners[0] as Listener);
  return addressAt(place, listener, isWildcard(listener.host) ? "127.0.0.1" : listener.host);
}

function addressAt({ scheme, paths }: Place, { port }: Listener, host: string): PageAddress {
  const usual = scheme === "https" ? 443 : 80;
  const origin = `${scheme}://${hostInUrl(host)}${port === usual ? "" : `:${port}`}`;
  const site = paths.site === null ? null : `${origin}${paths.site}`;
  return { url: `${origin}${paths.page}`, files: `${origin}${paths.files}`, site, forOthers: !isLoopback(host) };
}

/** In the clear, because that needs no trust in a certificate; over TLS where that is all there is. */
function placeOf(doors: readonly OpenDoor[]): Place | null {
  return placesOf(doors)[0] ?? null;
}

function placesOf(doors: readonly OpenDoor[]): readonly Place[] {
  const places = doors.flatMap(({ pages: paths, door }): Place[] => {
    if (paths === null) return [];
    const of = (wanted: Listener["transport"]) => door.listeners.filter(({ transport }) => transport === wanted);
    return [
      { scheme: "http", listeners: of("tcp"), paths },
      { scheme: "https", listeners: of("tls"), paths },
    ];
  });
  return places.filter(({ listeners }) => listeners.length > 0);
}
