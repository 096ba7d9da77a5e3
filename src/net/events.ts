import type { Fields, Log } from "../log.ts";
import { type Address, formatAddress } from "./address.ts";
import type { CloseReason } from "./protocol.ts";

/** Endings that are in the order of things are told only on request; the others are worth a line. */
const ORDINARY: ReadonlySet<CloseReason["kind"]> = new Set(["peer", "local", "idle", "shutdown", "replaced", "busy"]);

/** The one event of a connection's end, with the reason that its session was told. */
export function closed(log: Log, door: string, conn: { id: number; remote: Address }, why: CloseReason): void {
  const fields = { door, id: conn.id, peer: formatAddress(conn.remote), reason: why.kind, ...details(why) };
  if (ORDINARY.has(why.kind)) log.debug("closed", fields);
  else log.warn("closed", fields);
}

function details(why: CloseReason): Fields {
  if (why.kind === "slow") return { pending: why.pending };
  if (why.kind === "violation" || why.kind === "kicked") return { detail: why.detail };
  if (why.kind === "error") return { detail: why.error.message, at: firstFrame(why.error) };
  return {};
}

/** Where an error was thrown: the first line of its stack that names a place. */
function firstFrame(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .find((line) => line.trim().startsWith("at "))
    ?.trim();
}
