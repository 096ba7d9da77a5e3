import type { CloseReason } from "../../src/net/protocol.ts";
import { type Bye, encodeMessage } from "./messages.ts";

/** Last words by reason; null where there is nobody left to hear them, or nothing to say. */
const texts: Readonly<Record<CloseReason["kind"], string | null>> = {
  peer: null,
  local: null,
  idle: "you were silent for too long",
  stall: "the message that you began was not complete in time",
  shutdown: "the server is shutting down",
  busy: "the server is full, try again later",
  banned: "you are banned here",
  replaced: "another connection has taken your place",
  slow: "you did not read what was sent to you",
  violation: null,
  error: "something went wrong in the server; its log tells what",
};

/** What the others in the room are told of a member who leaves so; "" when there is nothing to add. */
const toldOthers: Readonly<Partial<Record<CloseReason["kind"], string>>> = {
  stall: "connection lost",
  idle: "silent for too long",
  shutdown: "the server is shutting down",
  slow: "connection too slow",
  violation: "broke the protocol",
  error: "an error in the server",
  banned: "banned",
};

/** The body of the last frame. */
export function bye(reason: string, text: string): Uint8Array {
  const message: Bye = { event: "bye", reason, text };
  return encodeMessage(message);
}

/** The last words for an ending that the peer did not choose. */
export function byeFor(why: CloseReason): Uint8Array | undefined {
  const text = why.kind === "violation" ? why.detail : texts[why.kind];
  return text === null ? undefined : bye(why.kind, text);
}

/** The reason with which a member quits. */
export function quitReason(why: CloseReason): string {
  return toldOthers[why.kind] ?? "";
}
