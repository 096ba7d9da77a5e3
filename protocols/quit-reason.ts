import type { CloseReason } from "../src/net/protocol.ts";

/** Empty: there is nothing to add to having left. */
const reasons: Readonly<Record<CloseReason["kind"], string>> = {
  peer: "",
  local: "",
  idle: "silent for too long",
  stall: "connection lost",
  shutdown: "the server is shutting down",
  busy: "the server is full",
  banned: "banned",
  kicked: "kicked",
  replaced: "replaced",
  "login-ended": "the login has ended",
  slow: "connection too slow",
  violation: "broke the protocol",
  error: "an error in the server",
};

/** What those who stay in the chat are told of a member whose connection ends so; the same words at every door. */
export function quitReason(why: CloseReason): string {
  const reason = reasons[why.kind];
  return why.kind === "kicked" && why.detail !== "" ? `${reason}: ${why.detail}` : reason;
}
