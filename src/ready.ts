import { basename } from "node:path";
import { quote } from "./bytes/text.ts";
import type { OpenDoor } from "./daemon.ts";
import { isLoopback } from "./net/address.ts";
import type { Listener } from "./net/door.ts";
import { isWildcard, reachable } from "./net/host.ts";
import { VERSION } from "./version.ts";

/** The announcement for programs: one JSON line. A door that is not open is absent. */
export function readyJson(doors: readonly OpenDoor[]): string {
  const open = doors.map(({ kind, door }) => [
    kind.name,
    {
      port: door.listeners.find(({ transport }) => transport === "tcp")?.port ?? door.listeners[0]?.port ?? 0,
      listeners: door.listeners.map(({ transport, host, port }) => ({ transport, host, port })),
    },
  ]);
  return `${JSON.stringify({ event: "ready", version: VERSION, pid: process.pid, doors: Object.fromEntries(open) })}\n`;
}

/**
 * The announcement for people: what is open, a command to paste for each door, who can reach it, and how to stop. `dir` is
 * what was given to be shared.
 */
export function readyText(doors: readonly OpenDoor[], dir?: string): string {
  const others = othersReach(doors.flatMap(({ door }) => door.listeners));
  const rows = doors.map((open) => [open.kind.name, open.kind.summary, paste(open, others)] as const);
  const name = width(rows.map((row) => row[0]));
  const summary = width(rows.map((row) => row[1]));
  return [
    `tincan ${VERSION} is open ${others.length === 0 ? "on this machine" : "to others"}. Paste into another terminal:\n\n`,
    ...rows.map((row) => `  ${row[0].padEnd(name)}  ${row[1].padEnd(summary)}  ${row[2]}\n`),
    others.length === 0 ? "\n" : `\nOthers can reach this machine at ${others.join(" ")}\n`,
    dir === undefined ? "" : `The files in ${quote(dir)} are not served by this version.\n`,
    `Help: ${ownName()} serve --help    Stop: Ctrl-C\n`,
  ].join("");
}

/** The addresses that other machines can use; empty when every door listens on the loopback alone. */
function othersReach(listeners: readonly Listener[]): readonly string[] {
  const open = listeners.filter(({ transport, host }) => transport !== "unix" && !isLoopback(host));
  return [...new Set(open.flatMap(({ host }) => reachable(host)))];
}

function paste({ door, paste }: OpenDoor, others: readonly string[]): string {
  const [listener] = door.listeners;
  if (listener === undefined) return "";
  if (listener.transport === "unix") return `nc -U ${shellWord(listener.host)}`;
  const host = isWildcard(listener.host) ? (others[0] ?? "127.0.0.1") : listener.host;
  return paste(host, listener.port).replace(/^tincan /, `${ownName()} `);
}

/** What another terminal must call this program: its path, unless it is installed where shells look. */
function ownName(): string {
  const compiled = basename(process.execPath) === "tincan";
  return compiled && Bun.which("tincan") === null ? shellWord(process.execPath) : "tincan";
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : quote(path, path.length);
}

function width(words: readonly string[]): number {
  return Math.max(0, ...words.map((word) => word.length));
}
