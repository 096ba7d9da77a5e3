import type { Refusal, RefusalCode } from "../../../src/chat/command.ts";
import { HttpError } from "../wire/http-error.ts";

/** The status of what the chat refuses; its code is told as it is. What is not here is a 400. */
const STATUS: { readonly [C in RefusalCode]?: number } = {
  "name-taken": 409,
  "name-reserved": 409,
  "no-such-room": 404,
  "no-history": 404,
  "no-such-member": 404,
  "text-too-long": 413,
};

/** An answer of the chat that is no refusal. @throws HttpError */
export function granted<T extends { readonly ok: true }>(reply: T | Refusal): Omit<T, "ok"> {
  if (!reply.ok) {
    const { code, message } = reply.error;
    throw new HttpError(STATUS[code] ?? 400, code, message);
  }
  const { ok: _, ...rest } = reply;
  return rest;
}
