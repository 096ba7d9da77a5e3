import type { Channel } from "./channel.ts";
import { encodeMessage } from "./encode.ts";
import type { ErrorCode, Failure, Outcome, TransferEnd } from "./messages.ts";

/** What an answer needs of its request. */
export interface Asked {
  /** Null: only a failure is told. */
  readonly id: number | null;
  readonly op: string;
}

/** As much of an op as is repeated. */
const LONGEST_OP = 40;

/** Answers a request. A success without an id is not told. */
export function sendAnswer(channel: Channel, { id, op }: Asked, outcome: Outcome): void {
  if (outcome.ok) {
    if (id !== null) channel.send(encodeMessage({ id, ...outcome }));
    return;
  }
  const failure: Failure = {
    ...(id !== null && { id }),
    ok: false,
    ...(op !== "" && { op: op.slice(0, LONGEST_OP) }),
    error: outcome.error,
  };
  channel.send(encodeMessage(failure));
}

export function sendRefusal(channel: Channel, asked: Asked, code: ErrorCode, message: string): void {
  sendAnswer(channel, asked, { ok: false, error: { code, message } });
}

/** Tells how a transfer ended that was granted before. */
export function sendEnd(channel: Channel, end: TransferEnd): void {
  channel.send(encodeMessage(end));
}
