/** Runs something later; the answer cancels it. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** Waits of those who try again, which all end early when there is a reason. */
export class Pauses {
  readonly #waiting = new Set<() => void>();

  /** @throws the signal's reason */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const settle = () => {
        cancel();
        signal.removeEventListener("abort", settle);
        this.#waiting.delete(settle);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      const cancel = after(ms, settle);
      signal.addEventListener("abort", settle);
      this.#waiting.add(settle);
    });
  }

  end(): void {
    for (const settle of [...this.#waiting]) settle();
  }
}
