import { connect, type Socket } from "node:net";
import { type FTPContext, FTPError } from "basic-ftp";
import { FetchFailure } from "./failure.ts";

/**
 * Opens a data connection: by EPSV (RFC 2428), or PASV for servers that do not know it. It goes to the host of the control
 * connection in any case. The address in a 227 is not used: behind NAT it is wrong, and a hostile server could name
 * somebody else's with it (RFC 2577, section 3).
 *
 * The socket is not the library's, which destroys its own as soon as the control connection ends or complains, with
 * everything in it that was not read yet.
 * @param signal destroys the socket, also one that still connects
 */
export async function openData(ftp: FTPContext, signal: AbortSignal): Promise<Socket> {
  const port = await passivePort(ftp);
  const host = ftp.socket.remoteAddress;
  if (host === undefined || port === null) throw new FetchFailure("the server names no port for its data", true);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port }, resolve);
  socket.on("error", reject);
  signal.addEventListener("abort", () => socket.destroy());
  await promise;
  return socket;
}

async function passivePort(ftp: FTPContext): Promise<number | null> {
  try {
    const found = /\((.)\1\1(\d{1,5})\1\)/.exec((await ftp.request("EPSV")).message);
    if (found) return valid(Number(found[2]));
  } catch (error) {
    if (!(error instanceof FTPError)) throw error;
  }
  const found = /\d{1,3}(?:,\d{1,3}){3},(\d{1,3}),(\d{1,3})/.exec((await ftp.request("PASV")).message);
  return found ? valid(Number(found[1]) * 256 + Number(found[2])) : null;
}

function valid(port: number): number | null {
  return port > 0 && port <= 65_535 ? port : null;
}
