import { readFileSync } from "node:fs";
import type { CoreConfig } from "../config.ts";
import { CommandError, Exit } from "../exit.ts";
import { formatSize } from "./option.ts";

/** Descriptors that are not connections: listeners, logs, databases, open files. */
const RESERVED = 256;
/** What a table that is smaller than that must hold beside connections: 64 refused peers, and the daemon's own. */
const LEAST_RESERVED = 96;

/**
 * How many connections the daemon takes: the setting, lowered to what the descriptor table holds beside the reserve. Bun
 * spins when `accept` fails for want of descriptors (measured), so peers are refused by count before that.
 */
export function connectionLimit(setting: number, descriptors: number | null): number {
  if (descriptors === null) return setting;
  if (descriptors > RESERVED) return Math.min(setting, descriptors - RESERVED);
  const half = Math.min(Math.floor(descriptors / 2), descriptors - LEAST_RESERVED);
  return Math.min(setting, Math.max(half, 1));
}

/** The soft limit on open descriptors (RLIMIT_NOFILE) from proc(5), or null where it cannot be read or is unlimited. */
export function descriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** What a peer may send between two reads of the socket: the largest chunk that Bun delivers. */
const CHUNK = 512 * 1024;

/**
 * Refuses limits that contradict each other. An outbox must hold the answer to a whole chunk beside two frames, or one
 * echoed frame already counts as a slow reader.
 */
export function checkLimits(config: Pick<CoreConfig, "maxFrame" | "maxOutbox">): void {
  if (config.maxFrame < 1)
    throw new CommandError(Exit.config, "--max-frame 0 leaves no room for a frame; give it 1 or more");
  const least = 2 * config.maxFrame + CHUNK;
  if (config.maxOutbox >= least) return;
  throw new CommandError(
    Exit.config,
    `--max-outbox ${formatSize(config.maxOutbox)} is too small for --max-frame ${formatSize(config.maxFrame)}; ` +
      `give it at least ${formatSize(least)}`,
  );
}

/** The index of what is said is made in pieces of a 32nd of this, each a table: smaller ones are of a message or two. */
const LEAST_HISTORY = 64 * 1024;

/** Refuses a history that is too small to keep anything. */
export function checkHistory({ maxHistory }: Pick<CoreConfig, "maxHistory">): void {
  if (maxHistory >= LEAST_HISTORY) return;
  throw new CommandError(
    Exit.config,
    `--max-history ${formatSize(maxHistory)} has no room for what is said; ` +
      `give it at least ${formatSize(LEAST_HISTORY)}, or say --history off`,
  );
}
