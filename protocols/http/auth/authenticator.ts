import type { Credentials, Gate, PeerAddress } from "../../../src/accounts/gate.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import type { Clock } from "../../../src/clock.ts";
import { login } from "../../services/login.ts";
import { saysPassedOn } from "../proxy-fields.ts";
import { HttpError } from "../wire/http-error.ts";
import type { RequestHead } from "../wire/request-head.ts";
import { needLogin, readBasic } from "./basic.ts";
import { readCookie, type Way } from "./cookie.ts";
import { Proven } from "./proven.ts";
import { Sessions } from "./sessions.ts";

/** Tells who sends a request. */
export class Authenticator {
  readonly sessions: Sessions;
  private readonly proven: Proven;

  constructor(
    private readonly gate: Gate,
    clock: Clock,
  ) {
    this.sessions = new Sessions(clock, gate.logins);
    this.proven = new Proven(clock);
  }

  /** At once for who shows no login or a cookie. @throws HttpError 400, 401, 403 */
  visitorOf(head: RequestHead, peer: PeerAddress, conn: Way["conn"]): Visitor | Promise<Visitor> {
    const { fields } = head;
    const field = fields.get("authorization");
    if (field !== undefined) return saysPassedOn(head) ? this.byPassedOn(field, peer) : this.byBasic(field, peer);
    const secret = readCookie(fields.get("cookie"), { conn, peer });
    const known = secret === null ? null : this.sessions.find(secret, peer);
    return known ?? this.gate.anonymous(peer);
  }

  /** Something that it asked for goes on for long: the login of its cookie does not end meanwhile. */
  keepAlive(x: Way & { readonly head: RequestHead; readonly peer: PeerAddress }): void {
    const secret = readCookie(x.head.fields.get("cookie"), x);
    if (secret !== null) this.sessions.find(secret, x.peer);
  }

  private byBasic(field: string, peer: PeerAddress): Visitor | Promise<Visitor> {
    const credentials = readBasic(field);
    // Also of who has proved it a moment ago, over TLS: it should hear that its password goes in the clear.
    const plain = this.gate.refusesPlain(peer);
    if (plain !== null) throw new HttpError(403, "plain-password", plain);
    return this.proven.find(credentials, peer) ?? this.login(credentials, peer);
  }

  /** Where there are no accounts it is a login at the proxy, which most proxies pass on. */
  private async byPassedOn(field: string, peer: PeerAddress): Promise<Visitor> {
    return (await this.gate.hasAccounts()) ? await this.byBasic(field, peer) : this.gate.anonymous(peer);
  }

  /** Checks a password. Rejects with an {@link HttpError} 401 or 403. */
  async login(credentials: Credentials, peer: PeerAddress): Promise<Visitor> {
    const result = await login(this.gate, credentials, peer, "http");
    if (!result.ok) {
      if (result.code === "bad-login") throw needLogin(result.message, result.code);
      throw new HttpError(403, result.code, result.message);
    }
    this.proven.add(credentials, peer, result.visitor);
    return result.visitor;
  }
}
