import { quote } from "../../../src/bytes/text.ts";
import type { Transfer } from "../../../src/files/transfers.ts";

/** `sending "/big.iso": 1024 of 4096 bytes (25 %), 512 bytes a second`, for STAT. */
export function progressOf(what: string, path: string, { bytes, rate, spec }: Transfer): string {
  const { length } = spec;
  const percent = length === null || length === 0 ? "" : ` (${Math.floor((100 * bytes) / length)} %)`;
  const of = length === null ? "" : ` of ${length}`;
  return `${what} ${quote(path, 200)}: ${bytes}${of} bytes${percent}, ${Math.round(rate)} bytes a second`;
}
