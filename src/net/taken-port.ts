import { readFileSync } from "node:fs";

/** The kernel's tables of TCP sockets (proc(5)). */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** Of a socket that listens, in these tables. */
const LISTENS = "0A";

/**
 * What is said of a port that could not be bound: somebody listens there, or (in the range that the system takes ports
 * from for outgoing connections, `ip_local_port_range`) a connection has it that is open or has ended within a minute.
 */
export function takenBy(port: number): string {
  const states = TABLES.flatMap((table) => statesIn(read(table), port));
  if (states.length === 0 || states.includes(LISTENS)) return "is taken already";
  return "is that of a connection, though nobody listens there, and is free within a minute of its end";
}

/** The states of the sockets of this machine that have a port, out of one table. */
function statesIn(table: string, port: number): readonly string[] {
  return table.split("\n").flatMap((row) => {
    const [, local = "", , state = ""] = row.trim().split(/\s+/);
    const [, hex = ""] = local.split(":");
    return Number.parseInt(hex, 16) === port ? [state] : [];
  });
}

/** Nothing where there is no such table. */
function read(table: string): string {
  try {
    return readFileSync(table, "utf8");
  } catch {
    return "";
  }
}
