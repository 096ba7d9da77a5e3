import type { Permission } from "../accounts/permission.ts";
import { LOGIN_ENDED, type Visitor } from "../accounts/visitor.ts";
import { NoRightError } from "./error.ts";

/** What a visitor hears that has not a right; the same words at every door. */
export const REFUSALS: Readonly<Record<Permission, string>> = {
  read: "you may not list or fetch files here",
  upload: "nothing may be added here",
  write: "nothing may be overwritten, renamed or deleted here",
  admin: "this is for administrators",
};

/** `why` it is refused, unless its login is void: then that is what it should know. */
export function noRight(visitor: Visitor, why: string): NoRightError {
  return new NoRightError(visitor.ended === true ? LOGIN_ENDED : why);
}
