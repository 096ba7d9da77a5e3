import type { CloseReason } from "../../../src/net/protocol.ts";
import { CloseCode } from "./opcode.ts";

const CODES: Readonly<Record<CloseReason["kind"], number>> = {
  peer: CloseCode.normal,
  local: CloseCode.normal,
  idle: CloseCode.goingAway,
  stall: CloseCode.policy,
  shutdown: CloseCode.goingAway,
  busy: CloseCode.tryLater,
  banned: CloseCode.policy,
  replaced: CloseCode.policy,
  slow: CloseCode.tryLater,
  violation: CloseCode.policy,
  kicked: CloseCode.policy,
  error: CloseCode.failed,
};

/** What a close frame says of the reason for which a connection ends. */
export function codeFor({ kind }: CloseReason): number {
  return CODES[kind];
}
