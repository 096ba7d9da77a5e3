import type { CloseReason } from "../../src/net/protocol.ts";

/** Words for an ending: to the one who goes, null when there is nothing to say, and to those who stay. */
interface Ending {
  readonly farewell: string | null;
  readonly told: string;
}

const endings: Readonly<Record<CloseReason["kind"], Ending>> = {
  peer: { farewell: null, told: "" },
  local: { farewell: null, told: "" },
  idle: { farewell: "you were silent for too long; come again", told: "silent for too long" },
  stall: { farewell: "the line that you began did not end in time; come again", told: "connection lost" },
  shutdown: { farewell: "the server is shutting down", told: "the server is shutting down" },
  busy: { farewell: "the server is full, try again later", told: "the server is full" },
  banned: { farewell: "you are banned here", told: "banned" },
  replaced: { farewell: "another connection has taken your place", told: "replaced" },
  slow: { farewell: "you did not read what was sent to you", told: "connection too slow" },
  violation: { farewell: null, told: "not a chat client" },
  error: { farewell: "something went wrong in the server; its log tells what", told: "an error in the server" },
};

/** The last words to a member whose connection ends so. */
export function farewellFor({ kind }: CloseReason): string | null {
  return endings[kind].farewell;
}

/** What the others are told of a member who leaves so; `""` when there is nothing to add to `left`. */
export function toldOthers({ kind }: CloseReason): string {
  return endings[kind].told;
}
