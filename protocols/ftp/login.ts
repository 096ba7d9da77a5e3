import { quote } from "../../src/bytes/text.ts";
import { peerAddress } from "../peer-address.ts";
import type { Result } from "./command.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

/** Names that anybody may use, with any password (RFC 1635). */
const ANONYMOUS: ReadonlySet<string> = new Set(["anonymous", "ftp"]);
/** Wrong passwords on one connection. */
const MOST_FAILED = 5;

/**
 * USER is always answered alike, so that nobody learns which accounts there are (RFC 2577, section 6); only what would be
 * sent in the clear next is refused, whoever it is.
 */
export function user(session: FtpSession, argument: string): Result {
  const name = session.parameters.text(argument);
  const { host, conn } = session;
  if (host.requireTls && conn.tls === null) {
    throw new Refusal(530, "this server takes no login in the clear; say AUTH TLS first");
  }
  session.logOut();
  const plain = isAnonymous(name) ? null : host.gate.refusesPlain(peerAddress(conn));
  if (plain !== null) throw new Refusal(530, plain);
  session.user = name;
  const any = isAnonymous(name) ? "any password will do" : `the password of ${quote(name)}, please`;
  return { code: 331, text: any };
}

export async function pass(session: FtpSession, argument: string): Promise<Reply | undefined> {
  const { user: name, host, conn } = session;
  if (name === null) throw new Refusal(503, "say USER first");
  session.user = null;
  const peer = peerAddress(conn);
  if (isAnonymous(name)) return welcome(session, host.gate.anonymous(peer));
  const login = await host.gate.login({ user: name, password: session.parameters.text(argument) }, peer, "ftp");
  if (session.stopped) return undefined;
  if (login.ok) return welcome(session, login.visitor);
  const enough = ++session.failedLogins >= MOST_FAILED || login.code === "banned";
  if (!enough) return { code: 530, text: login.message };
  session.end({ code: 421, text: `${login.message}; good-bye` });
  return undefined;
}

/** What many clients say of their accounts besides; there are no accounts within accounts here (RFC 959, section 4.1.1). */
export function acct(): Result {
  return { code: 202, text: "accounts are not needed here" };
}

/**
 * As if the connection had just been made. Under TLS the client would go on in the clear (RFC 4217, section 13), which this
 * connection cannot any more: better refused than that each waits for the other.
 */
export function rein(session: FtpSession): Result {
  if (session.conn.tls !== null) throw new Refusal(502, "REIN is not done under TLS; say USER for another user");
  session.beginAnew();
  return { code: 220, text: "ready for another user" };
}

export function quit(session: FtpSession): Result {
  // The client may leave this connection open for a while, and others wait for the port.
  session.data.use(null);
  session.end({ code: 221, text: "good-bye" });
  return undefined;
}

function welcome(session: FtpSession, visitor: NonNullable<FtpSession["login"]>["visitor"]): Reply {
  session.login = { visitor, access: session.host.vault.enter(visitor, "ftp") };
  session.failedLogins = 0;
  return { code: 230, text: visitor.account === null ? "you are in, as a guest" : `you are in, as ${visitor.account}` };
}

function isAnonymous(name: string): boolean {
  return ANONYMOUS.has(name.toLowerCase());
}
