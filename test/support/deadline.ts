/** How long a test waits for something that ought to happen at once, on a machine that is busy with other things. */
export const DEADLINE_MS = 15_000;

/**
 * The promise's own outcome, or a rejection that says what was waited for. The deadline exists only in the rejection: a
 * test never goes on because time has passed.
 */
export async function within<T>(promise: Promise<T>, what: string | (() => string), ms = DEADLINE_MS): Promise<T> {
  if (ms === Number.POSITIVE_INFINITY) return await promise;
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${ms} ms for ${typeof what === "string" ? what : what()}`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for a condition that nobody announces, such as what `/proc` shows of another process. Between looks it lets all
 * I/O that is ready be handled; it is bounded by the deadline. Where there is an event, wait for the event instead.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  ms = DEADLINE_MS,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${typeof what === "string" ? what : what()}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
