import { readdirSync, readFileSync } from "node:fs";

/** CPU time of every thread of a process and of its children, in nanoseconds by thread. */
export type CpuTimes = ReadonlyMap<string, number>;

/**
 * From the kernel's per-task accounting (`/proc/PID/task/TID/schedstat`, proc(5)), which counts nanoseconds where
 * `/proc/PID/stat` counts ticks of 10 ms; of a thread that runs, up to the last tick of the scheduler. Empty when the
 * process is gone.
 */
export function cpuTimes(pid: number): CpuTimes {
  const times = new Map<string, number>();
  const visit = (process: number | string): void => {
    for (const thread of entries(`/proc/${process}/task`)) {
      const folder = `/proc/${process}/task/${thread}`;
      times.set(thread, Number(read(`${folder}/schedstat`).split(" ")[0]));
      for (const child of read(`${folder}/children`).split(" ").filter(Boolean)) visit(child);
    }
  };
  visit(pid);
  return times;
}

/** Nanoseconds between two readings. A thread that ended meanwhile takes its share with it. */
export function cpuBetween(before: CpuTimes, after: CpuTimes): number {
  let total = 0;
  for (const [thread, ns] of after) total += ns - (before.get(thread) ?? 0);
  return total;
}

/** Resident memory of one process in bytes (VmRSS); 0 when it is gone. */
export function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return Number(kib ?? 0) * 1024;
}

/** CPU time that all processes of the machine have used, in seconds, to 10 ms. */
export function machineCpu(): number {
  const [, ...ticks] = (read("/proc/stat").split("\n")[0] ?? "").split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = ticks;
  return (user + nice + system + irq + softirq) / 100;
}

/** CPU time of this process, in seconds. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
