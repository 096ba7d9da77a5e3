import { readFileSync, readlinkSync } from "node:fs";
import { forgetPages } from "../libc.ts";

const LOOK_MS = 500;
/** CPU time, in ms, that a daemon at rest stays below between two looks. */
const AT_REST_MS = 5;
/** What was done since touched pages worth forgetting, which takes 0.2 to 0.6 ms. */
const BUSY_MS = 0.5;

/**
 * Keeps a daemon at rest as small as what it needs at rest. Most of its memory is pages of its own executable that the
 * start, a compiler at run time or a burst of visitors has touched, and the kernel maps 15 others around each of those.
 * They stay in the page cache, where the kernel may take them when it needs room, and come back by themselves, a
 * microsecond each. A collection of garbage some seconds after the last visitor touches 10 MB of them once more, hence a
 * look that does not end. Measured: 53 MB become 22 after the start, and 56 become 23 with 200 sessions of FTP that do
 * nothing, for less than a thousandth of a core.
 *
 * Does nothing where /proc is missing. Ends with the process.
 */
export function watchResident(): void {
  let before = usedMs();
  let spared = 0;
  let own: readonly Range[] | undefined;
  const look = () => {
    const used = usedMs();
    if (used - before < AT_REST_MS && used - spared > BUSY_MS) {
      own ??= executableRanges();
      for (const { start, length } of own) forgetPages(start, length);
      spared = usedMs();
    }
    before = used;
  };
  setInterval(look, LOOK_MS).unref();
}

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A range of addresses, in bytes. */
interface Range {
  readonly start: bigint;
  readonly length: bigint;
}

/** A mapping of a file that this process cannot write to: its address range and its file. */
const READ_ONLY = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p [0-9a-f]+ \S+ \d+ +(\/.*)$/m;

/**
 * Where this executable is mapped and cannot be written to. A library is not asked for: it may be unmapped again, and
 * to forget what is mapped in its place would empty that.
 */
function executableRanges(): Range[] {
  return mappings().flatMap((mapping) => {
    const [, from, to, file] = READ_ONLY.exec(mapping) ?? [];
    if (from === undefined || to === undefined || file !== executable() || !isAsInFile(mapping)) return [];
    const start = BigInt(`0x${from}`);
    return [{ start, length: BigInt(`0x${to}`) - start }];
  });
}

/** The name under which the kernel lists this executable, also when the file was replaced since. */
function executable(): string {
  return readlinkSync("/proc/self/exe");
}

/** Whether no page was written to before the mapping was made read-only: those are in memory or swapped out, and nowhere else. */
function isAsInFile(mapping: string): boolean {
  return /^Anonymous: +0 kB$/m.test(mapping) && /^Swap: +0 kB$/m.test(mapping);
}

/** proc(5), `/proc/PID/smaps`: a line about each mapping, and lines with its numbers. */
function mappings(): string[] {
  try {
    return readFileSync("/proc/self/smaps", "latin1").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  } catch {
    return [];
  }
}
