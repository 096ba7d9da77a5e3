/**
 * When trying again may help. `begun`: only if bytes had come before, because a server that never answered, or says that
 * it cannot, is believed at once, while one that has begun will be back.
 */
type Again = "never" | "begun" | "always";

/** Why a URL could not be fetched. `message` is the reason alone, escaped, without a full stop. */
export class FetchFailure extends Error {
  override readonly name = "FetchFailure";

  constructor(
    message: string,
    readonly again: Again = "never",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** @throws FetchFailure when the bytes that came are not as many as were announced */
export function checkSize(received: number, size: number | null): void {
  if (size === null || received === size) return;
  throw new FetchFailure(`${received} of ${size} bytes came, and then the end`, received < size ? "always" : "never");
}
