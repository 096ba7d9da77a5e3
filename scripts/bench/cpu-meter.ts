import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CpuTimes, cpuTimes } from "./usage.ts";

const V1 = "/sys/fs/cgroup/cpuacct";
const V2 = "/sys/fs/cgroup";

/**
 * CPU time of a server and of all that it ever starts. Daemons that fork for every session (vsftpd) have children that are
 * gone when the work is done, and /proc says of those no more than some ticks of 10 ms. So where this process may make a
 * control group, that counts: to the nanosecond, whoever has ended. Elsewhere it is /proc.
 */
export class CpuMeter {
  private constructor(
    private readonly pid: number,
    private readonly group: string | null,
  ) {}

  static of(pid: number): CpuMeter {
    const parent = existsSync(join(V1, "cpuacct.usage")) ? V1 : existsSync(join(V2, "cgroup.procs")) ? V2 : null;
    if (parent === null) return new CpuMeter(pid, null);
    const group = join(parent, `tincan-bench-${pid}`);
    try {
      mkdirSync(group);
      writeFileSync(join(group, "cgroup.procs"), `${pid}`);
      const meter = new CpuMeter(pid, group);
      meter.read();
      return meter;
    } catch {
      return new CpuMeter(pid, null);
    }
  }

  read(): CpuTimes {
    if (this.group === null) return cpuTimes(this.pid);
    const v1 = join(this.group, "cpuacct.usage");
    if (existsSync(v1)) return new Map([["group", Number(readFileSync(v1, "utf8"))]]);
    const [, us] = /^usage_usec (\d+)$/m.exec(readFileSync(join(this.group, "cpu.stat"), "utf8")) ?? [];
    return new Map([["group", Number(us) * 1000]]);
  }

  /** Everything in it must have ended, which may take the kernel a moment. */
  close(): void {
    if (this.group === null) return;
    for (let tries = 0; tries < 50; tries++) {
      try {
        rmdirSync(this.group);
        return;
      } catch {
        Bun.sleepSync(10);
      }
    }
  }
}
