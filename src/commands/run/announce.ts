import { isLoopback } from "../../net/address.ts";
import type { Door, Listener } from "../../net/door.ts";
import { isWildcard, reachable } from "../../net/host.ts";
import { VERSION } from "../../version.ts";

/** The announcement for programs, in the form of `serve`'s: one JSON line, with the one door `run`. */
export function announceJson({ listeners }: Door): string {
  const run = { port: listeners[0]?.port ?? 0, listeners };
  return `${JSON.stringify({ event: "ready", version: VERSION, pid: process.pid, doors: { run } })}\n`;
}

/** The announcement for people: a command to paste for each way in, and how to stop. */
export function announceText(file: string, { listeners }: Door): string {
  const commands = new Set(listeners.filter(isFirst).map(paste));
  const others = listeners.flatMap(({ host }) => (isLoopback(host) ? [] : reachable(host)));
  return [
    `tincan ${VERSION} runs ${file}. Paste into another terminal:\n\n`,
    ...Array.from(commands, (command) => `  ${command}\n`),
    others.length === 0 ? "\n" : `\nOthers can reach this machine at ${[...new Set(others)].join(" ")}\n`,
    "Stop: Ctrl-C\n",
  ].join("");
}

function isFirst({ transport }: Listener, at: number, all: readonly Listener[]): boolean {
  return all.findIndex((other) => other.transport === transport) === at;
}

function paste({ transport, host, port }: Listener): string {
  const address = isWildcard(host) ? "127.0.0.1" : host;
  return `nc ${transport === "udp" ? "-u " : ""}${address} ${port}`;
}
