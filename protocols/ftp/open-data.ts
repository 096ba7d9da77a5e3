import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { quote } from "../../src/bytes/text.ts";
import { formatAddress, isLoopback, plainHost } from "../../src/net/address.ts";
import { ListenError } from "../../src/net/listen.ts";
import type { Result } from "./command.ts";
import { ActiveSource, type HostPort, parseEprt, parsePort, refusesTarget } from "./data/active.ts";
import { hostPort, isIpv6, PassiveSource } from "./data/passive.ts";
import { NoPortError } from "./data/passive-ports.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

export async function pasv(session: FtpSession): Promise<Reply> {
  mayOpen(session);
  const { conn } = session;
  if (isIpv6(conn)) throw new Refusal(522, "PASV has no IPv6 addresses; use EPSV (2)");
  const set = session.host.addresses.of(conn.remote.host);
  const announced = set === null ? plainHost(conn.local.host) : await resolve(session, set);
  const source = await listen(session, announced, set !== null);
  return { code: 227, text: `Entering Passive Mode (${hostPort(announced, source.port)})` };
}

/** RFC 2428, section 3. The client takes the address that it has reached, so none is announced. */
export async function epsv(session: FtpSession, argument: string): Promise<Reply> {
  const asked = argument.trim().toUpperCase();
  if (asked === "ALL") {
    session.data.onlyEpsv = true;
    return { code: 200, text: "EPSV it is from now on" };
  }
  session.data.use(null);
  const own = ownProtocol(session);
  if (!/^\d{0,5}$/.test(asked)) throw new Refusal(501, `${quote(asked)} is neither 1, 2 nor ALL`);
  if (asked !== "" && asked !== own) throw otherProtocol(own);
  const source = await listen(session, plainHost(session.conn.local.host), false);
  return { code: 229, text: `Entering Extended Passive Mode (|||${source.port}|)` };
}

export function port(session: FtpSession, argument: string): Result {
  mayOpen(session);
  const target = parsePort(argument.trim());
  if (target === null) throw new Refusal(501, `${quote(argument)} is not h1,h2,h3,h4,p1,p2`);
  return dialLater(session, target);
}

/** RFC 2428, section 2. */
export function eprt(session: FtpSession, argument: string): Result {
  mayOpen(session);
  const target = parseEprt(argument.trim());
  if (target === null) throw new Refusal(501, `${quote(argument)} is not |1|address|port|`);
  const own = ownProtocol(session);
  if (target === "family" || protocolOf(target.host) !== own) throw otherProtocol(own);
  return dialLater(session, target);
}

/** RFC 2428, section 2: 1 is IPv4, 2 is IPv6. Data goes between the addresses of the control connection, so by its protocol. */
type NetworkProtocol = "1" | "2";

function ownProtocol(session: FtpSession): NetworkProtocol {
  return isIpv6(session.conn) ? "2" : "1";
}

function protocolOf(host: string): NetworkProtocol {
  return ipaddr.process(host).kind() === "ipv6" ? "2" : "1";
}

function otherProtocol(own: NetworkProtocol): Refusal {
  return new Refusal(522, `this connection is of another network protocol; use (${own})`);
}

function dialLater(session: FtpSession, target: HostPort): Result {
  const { remote, proxied } = session.conn;
  // The loopback that a proxy tells of is the proxy's, and dialling it would reach this machine's own.
  if (proxied !== null && isLoopback(remote.host))
    throw new Refusal(500, "no data goes to the proxy's own loopback; use PASV");
  const why = refusesTarget(target, remote.host);
  if (why !== null) throw new Refusal(500, why);
  session.data.use(new ActiveSource(session.net, target, plainHost(session.conn.local.host)));
  return { code: 200, text: "that is where the data will go" };
}

/** A command that fails must not leave what an earlier one has set (proftpd bug 3487). @throws Refusal */
function mayOpen(session: FtpSession): void {
  session.data.use(null);
  if (session.data.onlyEpsv) throw new Refusal(503, "you said EPSV ALL; use EPSV");
}

async function listen(session: FtpSession, announced: string, configured: boolean): Promise<PassiveSource> {
  session.data.use(null);
  const { conn, net, host } = session;
  if (conn.remote.family === "unix") throw new Refusal(425, "there are no passive ports beside a Unix socket");
  const peer = formatAddress(conn.remote);
  try {
    const source = await PassiveSource.open({
      ports: host.ports,
      control: conn,
      net,
      announced,
      configured,
      onStranger: (address) => host.log.warn("data-stranger", { door: "ftp", peer, from: formatAddress(address) }),
      onUnreached: (detail) => host.log.warn("data-unreached", { door: "ftp", peer, detail }),
    });
    if (session.stopped) source.drop();
    session.data.use(source);
    return source;
  } catch (error) {
    if (error instanceof ListenError) throw new Refusal(425, error.message);
    if (!(error instanceof NoPortError)) throw error;
    host.log.warn("data-no-port", { door: "ftp", peer, detail: error.message });
    throw new Refusal(425, `${error.message}; try again, or ask for more of them with --passive-ports`);
  }
}

/** The IPv4 address of `--passive-address`, which may be a name whose address changes. @throws Refusal */
async function resolve({ conn, host }: FtpSession, name: string): Promise<string> {
  if (ipaddr.IPv4.isValidFourPartDecimal(name)) return name;
  try {
    const { address } = await lookup(name, { family: 4 });
    return address;
  } catch {
    host.log.warn("passive-address", {
      door: "ftp",
      peer: conn.remote.host,
      name,
      detail: "no IPv4 address is found for it",
    });
    throw new Refusal(425, `no IPv4 address is found for the server's --passive-address ${quote(name)}; use EPSV`);
  }
}
