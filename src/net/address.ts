/** One end of a connection or the source of a datagram. `port` is 0 and `host` the socket's path on a Unix socket. */
export interface Address {
  readonly family: "ipv4" | "ipv6" | "unix";
  readonly host: string;
  readonly port: number;
}
