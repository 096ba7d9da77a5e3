import { readFileSync } from "node:fs";

/** For programs that choose no ports themselves. All are held until the last is chosen, so that they differ. */
export function freePorts(count: number): number[] {
  const listen = () => Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const held = Array.from({ length: count }, listen);
  for (const listener of held) listener.stop(true);
  return held.map(({ port }) => port);
}

/** Looks without connecting, which would go through to the door: state 0A is LISTEN (proc(5)). */
export function isListenedOn(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  return readFileSync("/proc/net/tcp", "utf8").includes(local);
}
