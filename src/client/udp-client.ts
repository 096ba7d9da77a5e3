import { lookup } from "node:dns/promises";
import type { udp } from "bun";
import type { Target } from "../net/address.ts";

export type UdpClient = udp.ConnectedSocket<"buffer">;

/** Opens a socket that talks to one target alone. Rejects with ENOTFOUND when there is no such host. */
export async function openUdp(
  target: Target,
  data: (datagram: Buffer) => void,
  failed: (error: unknown) => void,
): Promise<UdpClient> {
  const { address, family } = await lookup(target.host);
  return await Bun.udpSocket({
    // Bound to an address of the other family, it could not connect.
    hostname: family === 6 ? "::" : "0.0.0.0",
    connect: { hostname: address, port: target.port },
    // The error handler's one argument is the error, whatever its type says.
    socket: { data: (_, datagram) => data(datagram), error: (error: unknown) => failed(error) },
  });
}
