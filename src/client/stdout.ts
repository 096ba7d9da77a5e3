import { locally } from "./files/trouble.ts";

/** Writes bytes to stdout and waits until they are taken. Rejects with EPIPE when nobody reads any more, else LocalTrouble. */
export function toStdout(bytes: Uint8Array): Promise<void> {
  const { stdout } = process;
  // What fails is told twice, and an event that nobody hears would end the process.
  if (stdout.listenerCount("error") === 0) stdout.on("error", () => {});
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  return locally("standard output", () => promise);
}
