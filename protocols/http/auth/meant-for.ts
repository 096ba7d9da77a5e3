import type { Visitor } from "../../../src/accounts/visitor.ts";
import { quote } from "../../../src/bytes/text.ts";
import { mayChange } from "../wire/change.ts";
import { decodePart } from "../wire/decode-part.ts";
import { HttpError } from "../wire/http-error.ts";
import type { RequestHead } from "../wire/request-head.ts";
import { needLogin } from "./basic.ts";

/** The account that a request is meant to be of, percent-encoded in UTF-8. */
const FIELD = "tincan-user";

/**
 * Refuses a change that is meant to be somebody's and would be another's or nobody's. A cookie alone does not tell: whatever
 * a page asks next after its login has ended may have had the cookie taken back, or another of its windows has a new one.
 * @throws HttpError 401, or 400 for a name that cannot be read
 */
export function refuseAnother(head: RequestHead, { account }: Visitor): void {
  const encoded = head.fields.get(FIELD);
  if (encoded === undefined || !mayChange(head)) return;
  const meant = decodePart(encoded);
  if (meant === null) {
    throw new HttpError(400, "bad-request", `Tincan-User is ${quote(encoded, 100)}; percent-encode the name in UTF-8`);
  }
  if (meant !== account) throw needLogin(`${quote(meant, 100)} is not logged in; log in again`, "login-ended");
}
