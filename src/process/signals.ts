/** Signals that end a daemon, and the exit code by which a shell knows that one ended a program. */
const ENDING = { SIGINT: 130, SIGTERM: 143 } as const;

export type EndingSignal = keyof typeof ENDING;

/**
 * The first SIGINT or SIGTERM resolves; a second one exits at once, for whoever does not want to wait for the drain. Stays
 * in force until the process ends.
 */
export function endingSignal(): Promise<EndingSignal> {
  const { promise, resolve } = Promise.withResolvers<EndingSignal>();
  let told = false;
  for (const signal of Object.keys(ENDING) as EndingSignal[]) {
    process.on(signal, () => {
      if (told) process.exit(ENDING[signal]);
      told = true;
      resolve(signal);
    });
  }
  return promise;
}
