import { enterPassiveModeIPv6, type FTPContext, FTPError, type FTPResponse } from "basic-ftp";
import { connectForPassiveTransfer, parsePasvResponse } from "basic-ftp/dist/transfer.js";
import { FetchFailure } from "./failure.ts";

/**
 * Opens a data connection: EPSV (RFC 2428), or PASV for servers that do not know it. It goes to the host of the control
 * connection in any case. The address in a 227 is not used: behind NAT it is wrong, and a hostile server could name
 * somebody else's with it (RFC 2577, section 3).
 */
export async function passive(ftp: FTPContext): Promise<FTPResponse> {
  try {
    return await enterPassiveModeIPv6(ftp);
  } catch (error) {
    if (!(error instanceof FTPError)) throw error;
  }
  const response = await ftp.request("PASV");
  const host = ftp.socket.remoteAddress;
  const { port } = parsePasvResponse(response.message);
  if (host === undefined || port === 0) throw new FetchFailure("the server names no port for its data", "begun");
  await connectForPassiveTransfer(host, port, ftp);
  return response;
}
