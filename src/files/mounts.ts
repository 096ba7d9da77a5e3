import { readFileSync } from "node:fs";

/** The number of the mount that a descriptor's file is on (proc(5), /proc/PID/fdinfo); nobody else gets it while that is open. */
export function mountOf(fd: number): number {
  const [, id] = /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8")) ?? [];
  return Number(id);
}

/** Where a mount is, as proc_pid_mountinfo(5) lists it; null: it is not mounted (any more), or not where this process sees it. */
export function mountPoint(id: number): string | null {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const path = lines.find((line) => line.startsWith(`${id} `))?.split(" ")[4];
  if (path === undefined) return null;
  // Spaces and the like are octal, byte by byte, and no byte beyond ASCII is among them.
  return path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
