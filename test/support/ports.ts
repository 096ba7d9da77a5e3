import { readFileSync } from "node:fs";

/** For programs that choose no ports themselves. All are held until the last is chosen, so that they differ. */
export function freePorts(count: number): number[] {
  const listen = () => Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const held = Array.from({ length: count }, listen);
  for (const listener of held) listener.stop(true);
  return held.map(({ port }) => port);
}

/** The first of so many ports in a row that are free, for options that take a range. */
export function freeRange(count: number): number {
  const [first = 0] = freePorts(1);
  const held: { stop(now: boolean): void }[] = [];
  try {
    for (let port = first; port < first + count; port++)
      held.push(Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }));
    return first;
  } catch {
    return freeRange(count);
  } finally {
    for (const listener of held) listener.stop(true);
  }
}

/** Looks without connecting, which would go through to the door: state 0A is LISTEN (proc(5)). */
export function isListenedOn(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  return readFileSync("/proc/net/tcp", "utf8").includes(local);
}
