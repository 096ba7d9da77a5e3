import { quote } from "../../src/bytes/text.ts";
import { formatAddress } from "../../src/net/address.ts";
import type { Result } from "./command.ts";
import { Refusal } from "./refusal.ts";
import type { FtpSession } from "./session.ts";

/** RFC 4217, section 8: TLS, also by the names that old clients have for it. */
const MECHANISMS: ReadonlySet<string> = new Set(["TLS", "TLS-C", "SSL"]);

export async function auth(session: FtpSession, argument: string): Promise<undefined> {
  const mechanism = argument.trim().toUpperCase();
  if (!MECHANISMS.has(mechanism)) throw new Refusal(504, `there is no ${quote(mechanism)} here; AUTH TLS is`);
  const { conn, host } = session;
  if (conn.tls !== null) throw new Refusal(503, "this connection is encrypted already");
  if (host.tls === null) {
    throw new Refusal(
      534,
      "this server has no certificate; it is started with --tls-self-signed or --tls-cert for one",
    );
  }
  await session.startTls(host.tls, { code: 234, text: "go ahead with TLS" });
}

/** RFC 4217, section 9: TLS has no buffers of its own, so the size is 0. */
export function pbsz(session: FtpSession, argument: string): Result {
  if (session.conn.tls === null) throw new Refusal(503, "say AUTH TLS first");
  if (!/^\d{1,10}$/.test(argument.trim())) throw new Refusal(501, "PBSZ is 0 with TLS");
  session.data.hasBufferSize = true;
  return { code: 200, text: "PBSZ=0" };
}

/** RFC 4217, section 9: C for data in the clear, P for encrypted. */
export function prot(session: FtpSession, argument: string): Result {
  const level = argument.trim().toUpperCase();
  if (session.conn.tls === null || !session.data.hasBufferSize) throw new Refusal(503, "say AUTH TLS and PBSZ 0 first");
  if (level === "S" || level === "E") throw new Refusal(536, "data is either clear (C) or private (P)");
  if (level !== "C" && level !== "P") throw new Refusal(504, `there is no level ${quote(level)}; C and P are`);
  if (level === "C" && session.host.requireTls) throw new Refusal(534, "this server takes no data in the clear");
  session.data.isPrivate = level === "P";
  const { host, conn } = session;
  // Behind one address (NAT) another could come first; Bun does not tell whether a session was resumed.
  host.log.debug("data-not-bound", { door: "ftp", peer: formatAddress(conn.remote), level });
  return {
    code: 200,
    text: session.data.isPrivate ? "data is encrypted from now on" : "data is in the clear from now on",
  };
}

/** RFC 4217, section 5: the control connection stays encrypted. */
export function ccc(session: FtpSession): Result {
  if (session.conn.tls === null) throw new Refusal(533, "this connection is not encrypted");
  throw new Refusal(534, "the control connection stays encrypted");
}
