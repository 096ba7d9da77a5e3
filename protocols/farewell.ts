import { LOGIN_ENDED } from "../src/accounts/visitor.ts";
import type { CloseReason } from "../src/net/protocol.ts";

/** The endings that each door of lines has words of its own for. */
type OwnWords = Readonly<Record<"idle" | "stall" | "busy", string>>;

/** The last words to somebody at a door of lines, by why the connection ends; null when there is nothing to say. */
export function farewellsWith(own: OwnWords): (why: CloseReason) => string | null {
  const farewells: Readonly<Record<CloseReason["kind"], string | null>> = {
    ...own,
    peer: null,
    local: null,
    shutdown: "the server is shutting down",
    banned: "you are banned here",
    kicked: "the operator has ended your connection",
    replaced: "another connection has taken your place",
    "login-ended": LOGIN_ENDED,
    slow: "you did not read what was sent to you",
    violation: null,
    error: "something went wrong in the server; its log tells what",
  };
  return (why) => {
    const words = farewells[why.kind];
    return why.kind === "kicked" && why.detail !== "" ? `${words}: ${why.detail}` : words;
  };
}
