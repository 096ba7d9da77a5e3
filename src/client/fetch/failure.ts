/** Why a URL could not be fetched. `message` is the reason alone, escaped, without a full stop. */
export class FetchFailure extends Error {
  override readonly name = "FetchFailure";

  /**
   * @param mayPass it is of the moment: a broken connection, a server that is busy, and not what the URL names
   * @param afterMs after so many milliseconds the server wants to be asked again; null: it has not said
   */
  constructor(
    message: string,
    readonly mayPass = false,
    options?: ErrorOptions,
    readonly afterMs: number | null = null,
  ) {
    super(message, options);
  }
}

/** @throws FetchFailure when the bytes that came are not as many as were announced */
export function checkSize(received: number, size: number | null): void {
  if (size === null || received === size) return;
  throw new FetchFailure(`${received} of ${size} bytes came, and then the end`, received < size);
}
