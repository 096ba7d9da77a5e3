import { isUtf8 } from "node:buffer";
import type { Credentials } from "../../../src/accounts/gate.ts";
import { HttpError } from "../wire/http-error.ts";

/**
 * Reads `Authorization: Basic` (RFC 7617): UTF-8, as the challenge asks for, or else what Python's requests and aiohttp send
 * of a password in letters of the West, which is latin1, and hardly ever UTF-8 by chance.
 * @throws HttpError 400, 401
 */
export function readBasic(field: string): Credentials {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(field) ?? [];
  if (encoded === undefined) throw needLogin("only Basic logins are taken here; send a user and a password");
  const bytes = Buffer.from(encoded, "base64");
  const text = bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");
  const colon = text.indexOf(":");
  if (colon < 0) throw new HttpError(400, "bad-request", "a Basic login has a colon between user and password");
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** 401: a login could help. */
export function needLogin(message: string, code = "login-needed"): HttpError {
  return new HttpError(401, code, message, { "WWW-Authenticate": 'Basic realm="tincan", charset="UTF-8"' });
}
