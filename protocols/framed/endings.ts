import type { CloseReason } from "../../src/net/protocol.ts";
import type { Bye, ByeReason } from "./messages.ts";

/** Words for an ending: to the one who goes, and to those who stay in the chat (`""`: nothing to add to having left). */
interface Ending {
  readonly farewell: string;
  readonly told: string;
}

const endings: Readonly<Record<Exclude<ByeReason, "denied">, Ending>> = {
  idle: { farewell: "nothing was sent for too long; connect again", told: "silent for too long" },
  stall: { farewell: "no hello was granted in time", told: "connection lost" },
  shutdown: { farewell: "the server is shutting down", told: "the server is shutting down" },
  busy: { farewell: "the server is full; try again later", told: "the server is full" },
  banned: { farewell: "you are banned here", told: "banned" },
  replaced: { farewell: "another connection has taken this session", told: "replaced" },
  slow: { farewell: "what was sent to you was not read in time", told: "connection too slow" },
  violation: { farewell: "the framed protocol was not kept", told: "broke the protocol" },
  error: { farewell: "something went wrong in the server; its log tells what", told: "an error in the server" },
};

/** The last words to a peer whose connection ends so; null when the peer or the service itself ended it. */
export function byeFor(why: CloseReason): Bye | null {
  if (why.kind === "peer" || why.kind === "local") return null;
  const text = why.kind === "violation" ? why.detail : endings[why.kind].farewell;
  return { event: "bye", reason: why.kind, text };
}

/** What the others are told of a member who leaves so. */
export function toldOthers({ kind }: CloseReason): string {
  return kind === "peer" || kind === "local" ? "" : endings[kind].told;
}
