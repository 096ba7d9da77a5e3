import { readdirSync, readFileSync } from "node:fs";

/** CPU time of every thread of a process and of its children, in nanoseconds by thread or by what else is counted together. */
export type CpuTimes = ReadonlyMap<string, number>;

/**
 * From the kernel's per-task accounting (`/proc/PID/task/TID/schedstat`, proc(5)), which counts nanoseconds where
 * `/proc/PID/stat` counts ticks of 10 ms; of a thread that runs, up to the last tick of the scheduler. Children that
 * have ended are counted in ticks, when their parents have waited for them. Empty when the process is gone.
 */
export function cpuTimes(pid: number): CpuTimes {
  const times = new Map<string, number>();
  const visit = (process: number | string): void => {
    const ended = endedTicks(read(`/proc/${process}/stat`));
    if (ended > 0) times.set(`children of ${process}`, ended * 1e7);
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

/**
 * Memory that a process has made itself, in bytes (RssAnon): what connections cost, whatever pages of its executable are
 * mapped at the moment.
 */
export function ownBytes(pid: number): number {
  const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return Number(kib ?? 0) * 1024;
}

/**
 * Memory of a process and of all its children in bytes, where each has its part of what they share (Pss of
 * `/proc/PID/smaps_rollup`).
 */
export function proportionalBytes(pid: number): number {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
  const children = entries(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean),
  );
  return children.reduce((sum, child) => sum + proportionalBytes(Number(child)), Number(kib ?? 0) * 1024);
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

/** `cutime` and `cstime` of proc(5): behind the name of the program, which may hold anything. */
function endedTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[13] ?? 0) + Number(fields[14] ?? 0);
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
