import type { PeerAddress } from "../../src/accounts/gate.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Clock } from "../../src/clock.ts";
import type { Log } from "../../src/log.ts";
import type { Connection } from "../../src/net/protocol.ts";
import { peerAddress } from "../peer-address.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { needLogin } from "./auth/basic.ts";
import { EndedLogin } from "./auth/ended-login.ts";
import { refuseAnother } from "./auth/meant-for.ts";
import { errorReply } from "./error-reply.ts";
import { Exchange } from "./exchange.ts";
import { helpForForeign } from "./foreign.ts";
import type { HttpHost } from "./host.ts";
import type { HostCheck } from "./host-check.ts";
import { passedOn } from "./passed-on.ts";
import { mayBePassedOn } from "./proxy-fields.ts";
import { refusalOf } from "./refusal.ts";
import type { Responder, Whose } from "./responder.ts";
import type { Found, Routes } from "./routes.ts";
import { asksForPage, wantsPage } from "./wire/accept.ts";
import { DateField } from "./wire/date-field.ts";
import { DeniedError, HttpError, NotHttpError } from "./wire/http-error.ts";
import { empty, type Reply } from "./wire/reply.ts";
import type { RequestBody } from "./wire/request-body.ts";
import type { RequestHead } from "./wire/request-head.ts";

export interface ApplicationOptions {
  readonly routes: Routes;
  readonly check: HostCheck;
  readonly authenticator: Authenticator;
  /** What stands before every path: `/tincan`, or nothing. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly messageMs: number;
  readonly idleMs: number;
  /** Where else peers can be sent. */
  readonly portOf: HttpHost["portOf"];
}

const NOTHING = new Uint8Array(0);
const BROKEN = new HttpError(500, "failed", "something went wrong in the server; its log tells what");

/** Answers the requests of all connections: who is meant, who asks, what for, and may they. */
export class Application implements Responder {
  readonly messageMs: number;
  readonly idleMs: number;
  private readonly date: DateField;

  constructor(private readonly o: ApplicationOptions) {
    this.messageMs = o.messageMs;
    this.idleMs = o.idleMs;
    this.date = new DateField(o.clock);
  }

  dateField(): string {
    return this.date.text;
  }

  refusal(error: HttpError, input: Uint8Array = NOTHING): Reply {
    const help = error instanceof NotHttpError ? helpForForeign(error.beginning, this.o.portOf) : null;
    const { status, code, message } = error;
    const told = help === null ? error : new HttpError(status, code, `${message}; ${help}`);
    return errorReply(told, asksForPage(input));
  }

  answer(asked: RequestHead, body: RequestBody, conn: Connection, whose: Whose): Reply | Promise<Reply> {
    let head = asked;
    try {
      const { check, authenticator } = this.o;
      head = passedOn(asked, conn);
      check.checkHost(head, conn);
      // A proxy may pass on an X-Forwarded-Host that a client made up; the Host itself must be one of ours as well.
      if (head !== asked) check.checkHost(asked, conn);
      check.checkOrigin(head);
      const peer = peerAddress(conn);
      const visitor = authenticator.visitorOf(head, peer, conn);
      if (!(visitor instanceof Promise)) {
        whose.visitor = visitor;
        return this.answerTo(visitor, peer, head, body, conn);
      }
      return visitor.then(
        (known) => {
          whose.visitor = known;
          return this.answerTo(known, peer, head, body, conn);
        },
        (error: unknown) => this.failed(error, head),
      );
    } catch (error) {
      return this.failed(error, head);
    }
  }

  private answerTo(
    visitor: Visitor,
    peer: PeerAddress,
    head: RequestHead,
    body: RequestBody,
    conn: Connection,
  ): Reply | Promise<Reply> {
    const { prefix } = this.o;
    const ended = EndedLogin.of(head, visitor, { conn, peer }, prefix || "/");
    const reply = this.handle(new Exchange(head, body, conn, { peer, visitor, prefix }), ended);
    if (ended === null) return reply;
    return reply instanceof Promise ? reply.then((late) => ended.takeBack(late)) : ended.takeBack(reply);
  }

  private handle(x: Exchange, ended: EndedLogin | null): Reply | Promise<Reply> {
    const { head, visitor } = x;
    try {
      // RFC 9110, section 9.3.7: the server as a whole is asked, and what it can depends on the address.
      if (head.target === "*") return empty(204);
      const found = this.o.routes.find(x.method, x.path);
      if (!found.route.renews) {
        ended?.refuseChange(head);
        refuseAnother(head, visitor);
      }
      admit(found, x);
      const reply = found.handler(x, found.params);
      return reply instanceof Promise ? reply.catch((error: unknown) => this.failed(error, head, visitor)) : reply;
    } catch (error) {
      return this.failed(error, head, visitor);
    }
  }

  private failed(error: unknown, head: RequestHead, visitor?: Visitor): Reply {
    const refusal = refusalOf(error);
    if (refusal === null)
      this.o.log.error("request-failed", { method: head.method, target: head.target, error: String(error) });
    const told = refusal ?? BROKEN;
    const { fields } = head;
    // Who has no account may have one that may: let it log in.
    const better =
      told instanceof DeniedError && visitor?.account === null
        ? needLogin(`${told.message}; log in with an account that may`)
        : told;
    // Who is not let in at all is not sent to another page.
    const home = visitor === undefined ? null : `${this.o.prefix}/`;
    return errorReply(isScript(fields) ? withoutChallenge(better) : better, wantsPage(fields), home);
  }
}

/** @throws DeniedError */
function admit({ route }: Found, x: Exchange): void {
  // OPTIONS asks about the address and not for what is there (RFC 9110, section 9.3.7).
  if (!route.operator || x.method === "OPTIONS" || x.visitor.may("admin")) return;
  // A proxy on this machine that nobody told us to trust makes everybody look like this machine's own user.
  if (x.peer.loopback && !mayBePassedOn(x.head)) return;
  throw new DeniedError("this is for this machine's own users, who ask localhost, and for accounts that may admin");
}

/** A page's own script asks, and shows its own words: a browser's login window must not come up. */
function isScript(fields: ReadonlyMap<string, string>): boolean {
  const mode = fields.get("sec-fetch-mode");
  return mode !== undefined && mode !== "navigate";
}

function withoutChallenge({ status, code, message, fields }: HttpError): HttpError {
  const { "WWW-Authenticate": _, ...rest } = fields;
  return new HttpError(status, code, message, rest);
}
