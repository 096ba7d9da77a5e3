import type { Credentials } from "../../../src/accounts/gate.ts";
import { HttpError } from "../wire/http-error.ts";

/** Reads `Authorization: Basic` (RFC 7617), as UTF-8. @throws HttpError 400, 401 */
export function readBasic(field: string): Credentials {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(field) ?? [];
  if (encoded === undefined) throw needLogin("only Basic logins are taken here; send a user and a password");
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) throw new HttpError(400, "bad-request", "a Basic login has a colon between user and password");
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** 401: a login could help. */
export function needLogin(message: string, code = "login-needed"): HttpError {
  return new HttpError(401, code, message, { "WWW-Authenticate": 'Basic realm="tincan", charset="UTF-8"' });
}
