import type { Runtime } from "./net/runtime.ts";

/**
 * Ends the connections whose login is void: their account was removed, or has another password or home. By HTTP a
 * connection has a login only while a request is answered, which shows it each time anew.
 */
export function endVoidLogins(runtime: Runtime): void {
  for (const conn of [...runtime.connections()]) if (conn.who?.ended === true) conn.endLogin();
}
