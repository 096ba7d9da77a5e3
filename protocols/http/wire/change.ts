import type { RequestHead } from "./request-head.ts";

/** Methods that change nothing. */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request may change something: by its method, or by what is said on the connection after its upgrade. */
export function mayChange({ method, fields }: Pick<RequestHead, "method" | "fields">): boolean {
  return !SAFE.has(method) || fields.get("upgrade") !== undefined;
}
