const SLICE_MS = 10;

/**
 * Calls `step` again and again until `over`, without an event loop in between, but lets timers and signals have their
 * turn every 10 ms, and whenever a step had nothing to do (which it may wait for a millisecond or two itself).
 */
export async function spin(step: () => boolean, over: () => boolean): Promise<void> {
  while (!over()) {
    const end = performance.now() + SLICE_MS;
    while (step() && performance.now() < end);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
