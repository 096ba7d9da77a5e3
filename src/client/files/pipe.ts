import { closeSync, constants, createReadStream, openSync, statSync } from "node:fs";
import type { Readable } from "node:stream";

/** Something to be put whose size nobody knows. */
export interface Pipe {
  readonly source: Readable;
  /** Nobody wants the rest of it. */
  stop(): void;
}

export function stdinPipe(): Pipe {
  const source = process.stdin;
  return { source, stop: () => void source.destroy() };
}

/** A pipe or a device that has a name. */
export function namedPipe(file: string): Pipe {
  const source = createReadStream(file);
  const stop = () => {
    source.destroy();
    const fd = source.pending ? writerOf(file) : null;
    if (fd !== null) source.once("close", () => closeSync(fd));
  };
  return { source, stop };
}

/**
 * To open a named pipe waits for who writes to it, and nothing but such a one ends that: on Linux, who opens it both ways is
 * one at once (fifo(7)). Null where it is none, or has gone.
 */
function writerOf(file: string): number | null {
  try {
    return statSync(file).isFIFO() ? openSync(file, constants.O_RDWR | constants.O_NONBLOCK) : null;
  } catch {
    return null;
  }
}
