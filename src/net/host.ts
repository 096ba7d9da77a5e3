import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { isLoopback } from "./address.ts";
import type { Listener } from "./door.ts";

/** Whether `::1` can be listened on: containers and some kernels have no IPv6 at all. */
export function hasIpv6Loopback(): boolean {
  return addresses().some(({ address }) => address === "::1");
}

/** Whether `host` stands for every address of this machine. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/**
 * The addresses under which other machines may reach a listener on `host`: for a wildcard those of every interface that
 * is up, IPv4 first, without loopback and link-local ones (which need a zone); otherwise the host itself.
 */
export function reachable(host: string): readonly string[] {
  if (!isWildcard(host)) return [host];
  const found = addresses().filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const v4 = found.filter(({ family }) => family === "IPv4");
  const v6 = host === "::" ? found.filter(({ family }) => family === "IPv6") : [];
  return [...v4, ...v6].map(({ address }) => address);
}

/** The addresses that other machines can use; empty when every door listens on the loopback alone. */
export function othersReach(listeners: readonly Listener[]): readonly string[] {
  const open = listeners.filter(({ transport, host }) => transport !== "unix" && !isLoopback(host));
  return [...new Set(open.flatMap(({ host }) => reachable(host)))];
}

function addresses(): readonly NetworkInterfaceInfo[] {
  return Object.values(networkInterfaces()).flatMap((list) => list ?? []);
}
