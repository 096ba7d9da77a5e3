import type { Transfers } from "./files/transfers.ts";
import type { Runtime } from "./net/runtime.ts";

const WHY = "the account may no longer read files here";

/**
 * Ends the connections of accounts that are being sent a file and may no longer read it, because the right was taken away.
 * Whoever only asks is refused; what is on its way is looked at once, when it begins. Connections whose login is void are
 * left alone: they are told so (`endVoidLogins`), and that takes its time.
 */
export function endBarredReaders(
  runtime: Runtime,
  transfers: Transfers,
  /** Of a path in the share. */
  mayRead: (account: string, path: string) => boolean,
): void {
  const barred = new Set<string>();
  for (const { spec } of transfers.running) {
    const { account, direction, path } = spec;
    if (direction === "get" && account !== null && !mayRead(account, path)) barred.add(account);
  }
  if (barred.size === 0) return;
  for (const conn of [...runtime.connections()]) {
    const { who } = conn;
    if (barred.has(who?.account ?? "") && who?.ended !== true) conn.kick(WHY);
  }
}
