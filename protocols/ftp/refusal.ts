import { type VaultCode, VaultError } from "../../src/files/error.ts";
import type { Reply } from "./reply.ts";

/** A command that is refused: the reply says why. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** RFC 959, section 4.2.1, and 554 of RFC 1123, section 4.1.3.4, for what the files do not let be done. */
const CODES: Readonly<Record<VaultCode, number>> = {
  "bad-path": 553,
  "not-found": 550,
  exists: 550,
  "not-a-file": 550,
  "not-a-folder": 550,
  "not-empty": 550,
  denied: 550,
  "no-space": 452,
  quota: 552,
  "too-many": 452,
  changed: 451,
  replaced: 426,
  incomplete: 451,
  "bad-hash": 451,
  "bad-range": 554,
  "nothing-to-resume": 554,
  cancelled: 426,
  failed: 451,
};

/** What is answered when a command threw this; null for an error that nobody foresaw. */
export function refusalReply(error: unknown): Reply | null {
  if (error instanceof Refusal) return { code: error.code, text: error.message };
  if (error instanceof VaultError) return { code: CODES[error.code], text: error.message };
  return null;
}
