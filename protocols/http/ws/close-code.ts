import { isUtf8 } from "node:buffer";
import type { CloseReason } from "../../../src/net/protocol.ts";
import { CloseCode } from "./opcode.ts";
import { WebSocketError } from "./violation.ts";

const CODES: Readonly<Record<CloseReason["kind"], number>> = {
  peer: CloseCode.normal,
  local: CloseCode.normal,
  idle: CloseCode.goingAway,
  stall: CloseCode.policy,
  shutdown: CloseCode.goingAway,
  busy: CloseCode.tryLater,
  banned: CloseCode.policy,
  replaced: CloseCode.policy,
  "login-ended": CloseCode.policy,
  slow: CloseCode.tryLater,
  violation: CloseCode.policy,
  kicked: CloseCode.policy,
  error: CloseCode.failed,
};
/** RFC 6455, section 7.4: those that a peer may send, but for the ones that stand for "none came". */
const NEVER_SENT: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015]);

/** What a close frame says of the reason for which a connection ends. */
export function codeFor({ kind }: CloseReason): number {
  return CODES[kind];
}

/** The code of a client's close frame: that of its answer. @throws WebSocketError 1002, 1007 */
export function readClose(payload: Uint8Array): number {
  if (payload.length === 0) return CloseCode.normal;
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  const known = (code >= 1000 && code <= 1015 && !NEVER_SENT.has(code)) || (code >= 3000 && code <= 4999);
  if (payload.length === 1 || !known)
    throw new WebSocketError(CloseCode.protocolError, "a close frame says a code, or nothing");
  if (isUtf8(payload.subarray(2))) return code;
  throw new WebSocketError(CloseCode.notUtf8, "the reason in a close frame must be UTF-8");
}
