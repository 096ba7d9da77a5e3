import type { CloseReason } from "../../src/net/protocol.ts";

/** The last words to a client whose connection ends so; null when there is nothing to say. */
const farewells: Readonly<Record<CloseReason["kind"], string | null>> = {
  peer: null,
  local: null,
  idle: "you were silent for too long; good-bye",
  stall: "what you began did not end in time; good-bye",
  shutdown: "the server is shutting down",
  busy: "the server is full; try again later",
  banned: "you are banned here",
  kicked: "the operator has ended your connection",
  replaced: "another connection has taken your place",
  slow: "you did not read what was sent to you",
  violation: null,
  error: "something went wrong in the server; its log tells what",
};

export function farewellFor(why: CloseReason): string | null {
  const words = farewells[why.kind];
  return why.kind === "kicked" && why.detail !== "" ? `${words}: ${why.detail}` : words;
}
