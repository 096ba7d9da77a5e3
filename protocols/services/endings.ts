import { LOGIN_ENDED } from "../../src/accounts/visitor.ts";
import type { CloseReason } from "../../src/net/protocol.ts";
import type { Bye, ByeReason } from "./messages.ts";

/** The last words to a peer, by why it goes. */
const farewells: Readonly<Record<Exclude<ByeReason, "denied">, string>> = {
  idle: "nothing was sent for too long; connect again",
  stall: "no hello was granted in time",
  shutdown: "the server is shutting down",
  busy: "the server is full; try again later",
  banned: "you are banned here",
  kicked: "the operator has ended your connection",
  replaced: "another connection has taken this session",
  "login-ended": LOGIN_ENDED,
  slow: "what was sent to you was not read in time",
  violation: "the framed protocol was not kept",
  error: "something went wrong in the server; its log tells what",
};

const UNMOVED = "a transfer has not moved for too long";

/**
 * The last words to a peer whose connection ends so; null when the peer or the service itself ended it.
 * @param working something runs for it, so that it had said its hello
 */
export function byeFor(why: CloseReason, working: boolean): Bye | null {
  if (why.kind === "peer" || why.kind === "local") return null;
  const text = why.kind === "stall" && working ? UNMOVED : farewells[why.kind];
  if (why.kind === "violation") return { event: "bye", reason: why.kind, text: why.detail };
  const detail = why.kind === "kicked" && why.detail !== "" ? `: ${why.detail}` : "";
  return { event: "bye", reason: why.kind, text: text + detail };
}
