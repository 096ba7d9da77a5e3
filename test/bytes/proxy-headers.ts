export const V2_SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a);

/** A header of the PROXY protocol's version 2: version and command, family and protocol, what follows. */
export function v2(command: number, family: number, rest: readonly number[]): Uint8Array {
  return Uint8Array.of(...V2_SIGNATURE, command, family, rest.length >> 8, rest.length & 255, ...rest);
}

/** One that says that a TCP peer of IPv4 is passed on; `tls`: the peer speaks TLS with the proxy. */
export function v2From(host: string, port: number, tls = false): Uint8Array {
  const address = host.split(".").map(Number);
  const ports = [port >> 8, port & 255, 0, 80];
  return v2(0x21, 0x11, [...address, 10, 0, 0, 2, ...ports, ...(tls ? [0x20, 0, 5, 1, 0, 0, 0, 0] : [])]);
}
