import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, release } from "node:os";

/** Where servers run and where the load comes from. */
export interface Placement {
  /** What a server's command line begins with. */
  readonly server: readonly string[];
  readonly words: string;
}

/**
 * Puts this process, which makes the load, on core 1 and tells how servers are put on core 0: so that neither takes the
 * other's time, and a server of several threads has no more than a server of one. Without taskset, or on one core, all
 * share what there is.
 */
export function placement(): Placement {
  const taskset = Bun.which("taskset");
  if (taskset === null) return { server: [], words: "not pinned to cores, for want of taskset" };
  if (cpus().length < 2) return { server: [], words: "one core for servers and load" };
  const pinned = spawnSync(taskset, ["-a", "-c", "-p", "1", String(process.pid)]);
  if (pinned.status !== 0) return { server: [], words: "not pinned to cores, which taskset could not do" };
  return { server: [taskset, "-c", "0"], words: "servers on core 0, load on core 1" };
}

/** `Linux 6.1.0, 2 x Intel(R) Xeon(R), Bun 1.4.5`. */
export function machineName(): string {
  const [first] = cpus();
  return `Linux ${release()}, ${cpus().length} x ${first?.model.trim() ?? "CPU"}, Bun ${Bun.version}`;
}

/** Whether the kernel tells what is measured here. */
export function canMeasure(): boolean {
  return existsSync(`/proc/self/task/${process.pid}/schedstat`);
}
