/** Writes bytes to stdout and waits until they are taken. Rejects with EPIPE when nobody reads any more. */
export function toStdout(bytes: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  return promise;
}
