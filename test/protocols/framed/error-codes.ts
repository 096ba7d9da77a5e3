import type { ErrorCode } from "../../../protocols/framed/messages.ts";

const codes: Readonly<Record<ErrorCode, true>> = {
  "bad-json": true,
  "bad-request": true,
  "bad-id": true,
  "needs-id": true,
  "unknown-op": true,
  "bad-version": true,
  "no-such-service": true,
  "no-accounts": true,
  denied: true,
  "hello-first": true,
  "hello-again": true,
  "bad-name": true,
  "name-taken": true,
  "name-reserved": true,
  "bad-room": true,
  "no-such-room": true,
  "not-in-room": true,
  "too-many-rooms": true,
  "no-such-member": true,
  "bad-text": true,
  "text-too-long": true,
  "topic-too-long": true,
};

/** Every code of a refusal: the compiler sees to it that none is missing. */
export const errorCodes: readonly string[] = Object.keys(codes);
