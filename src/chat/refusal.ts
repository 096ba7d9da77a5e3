import type { Refusal, RefusalCode } from "./command.ts";

/** A refusal; `message` is one sentence for the person who asked. */
export function refuse(code: RefusalCode, message: string): Refusal {
  return { ok: false, error: { code, message } };
}
