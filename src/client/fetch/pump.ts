import type { Readable } from "node:stream";
import type { Clock } from "../../clock.ts";
import { brokenFailure } from "./broken.ts";
import { FetchFailure } from "./failure.ts";
import { Deadline } from "./patience.ts";
import type { Sink, Watch } from "./sink.ts";

const STALL_MS = 60_000;

export interface PumpOptions {
  readonly clock: Clock;
  /** Aborted, it waits for nobody any more. */
  readonly signal: AbortSignal;
}

/**
 * Moves a body into a sink until its end, as it comes and no faster than the sink takes it. Each chunk is written as it is
 * told, so that when the connection breaks nothing is lost that had come.
 * @throws FetchFailure when it breaks, after a minute without a byte, and when more comes than the file has; what the sink
 * throws
 */
export function pump(body: Readable, sink: Sink, { clock, signal }: PumpOptions, watch: Watch): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: unknown) => {
    reject(error);
    body.destroy();
  };
  const stall = new Deadline(clock, STALL_MS, () => {
    fail(new FetchFailure(`nothing came for ${STALL_MS / 1000} seconds`, true));
  });
  let isOver = false;
  let writing: Promise<void> | null = null;
  const taken = () => {
    watch.moved();
    if (!isOver) stall.set();
  };
  body.on("data", (chunk: Buffer) => {
    const size = sink.facts?.size ?? Number.POSITIVE_INFINITY;
    if (sink.received + chunk.length > size) {
      forget(sink);
      return fail(new FetchFailure(`more than its ${size} bytes came`));
    }
    try {
      const busy = sink.write(chunk);
      if (busy === undefined) return taken();
      body.pause();
      stall.clear();
      const written = busy.then(() => {
        taken();
        body.resume();
      });
      written.catch(fail);
      writing = written;
    } catch (error) {
      fail(error);
    }
  });
  // A body that was cut off by us ends like one whose length nobody told.
  body.on("end", () => (signal.aborted ? fail(new FetchFailure("it was stopped", true)) : resolve()));
  body.on("error", (error) => reject(brokenFailure(error)));
  body.on("close", () => reject(new FetchFailure("the connection broke", true)));
  stall.set();
  if (body.destroyed) fail(new FetchFailure("the connection broke", true));
  return promise.finally(async () => {
    isOver = true;
    stall.clear();
    // The end may be told while the last chunk is on its way, and that may fail yet. And who goes on after a break must
    // know what the sink has, or bytes that are still on their way into it would be fetched twice.
    await Promise.race([writing, aborted(signal)]);
  });
}

/** A later run must not take what is there for the whole file. */
function forget(sink: Sink): void {
  try {
    sink.restart();
  } catch {
    // It is out already.
  }
}

function aborted(signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
