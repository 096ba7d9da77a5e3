/** A host as it stands in an address, in front of a port: IPv6 in brackets (RFC 3986, section 3.2.2). */
export function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** The other way round: a host without the brackets that it has in an address. */
export function bareHost(host: string): string {
  return /^\[(.*)\]$/.exec(host)?.[1] ?? host;
}

/** A `/`-separated path as it stands in an address. */
export function encodePath(path: string): string {
  return path.split("/").map(encodePart).join("/");
}

/**
 * One part of a path. `encodeURIComponent` leaves `'` and the like, which shells and people's mail programs stumble over, and
 * what stands at the end of a sentence, which whoever finds addresses in a text takes for that.
 */
export function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]|[._~]$/g, percent);
}

/** A character up to U+00FF as `%` and two hex digits. */
export function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
