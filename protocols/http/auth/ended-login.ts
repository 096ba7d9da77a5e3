import type { Visitor } from "../../../src/accounts/visitor.ts";
import { mayChange } from "../wire/change.ts";
import type { Reply } from "../wire/reply.ts";
import type { RequestHead } from "../wire/request-head.ts";
import { needLogin } from "./basic.ts";
import { logoutCookie, readCookie, type Way } from "./cookie.ts";

/**
 * A cookie whose login has ended: whoever sends it takes itself for logged in, and must not do as nobody what it meant to
 * do as somebody.
 */
export class EndedLogin {
  private constructor(private readonly takesBack: string) {}

  /** Null: the request shows no login, or one that counts. @param path where the cookie is sent back to */
  static of({ fields }: RequestHead, visitor: Visitor, way: Way, path: string): EndedLogin | null {
    if (visitor.account !== null || readCookie(fields.get("cookie"), way) === null) return null;
    return new EndedLogin(logoutCookie(way, path));
  }

  /** @throws HttpError 401 where the request may change something */
  refuseChange(head: RequestHead): void {
    if (mayChange(head)) throw needLogin("your login has ended; log in again", "login-ended");
  }

  /** An answer that takes the cookie back, unless it brings another. */
  takeBack(reply: Reply): Reply {
    return { ...reply, fields: { "Set-Cookie": this.takesBack, ...reply.fields } };
  }
}
