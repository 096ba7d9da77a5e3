import { NoRightError, type VaultCode, VaultError } from "../../src/files/error.ts";
import { DeniedError, HttpError } from "./wire/http-error.ts";
import { BodyCutError } from "./wire/request-body.ts";

/** The status of what the vault refuses; its code is told as it is, but a hash is called a digest here, as in RFC 9530. */
const STATUS: Readonly<Record<VaultCode, number>> = {
  "bad-path": 400,
  "not-found": 404,
  exists: 409,
  "not-a-file": 409,
  "not-a-folder": 409,
  "not-empty": 409,
  denied: 403,
  "no-space": 507,
  quota: 507,
  "too-many": 429,
  changed: 409,
  replaced: 409,
  incomplete: 400,
  "bad-hash": 400,
  "nothing-to-resume": 409,
  "bad-range": 416,
  cancelled: 503,
  failed: 500,
};

/** An error as the answer that it is; null: it is the server's own, and nobody is told more than that. */
export function refusalOf(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error;
  if (error instanceof NoRightError) return new DeniedError(error.message);
  if (error instanceof VaultError) {
    const { code, message } = error;
    return new HttpError(STATUS[code], code === "bad-hash" ? "bad-digest" : code, message);
  }
  if (error instanceof BodyCutError) return new HttpError(400, "incomplete", error.message);
  return null;
}
