/** The server's refusal of a request; code and message are its own. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface ErrorForm {
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** What an answer that is no success says; a proxy in between may have answered in a form of its own. */
export function httpError(status: number, body: unknown): HttpError {
  const { error } = (typeof body === "object" && body !== null ? body : {}) as ErrorForm;
  return new HttpError(status, error?.code ?? "", error?.message ?? `HTTP ${status}`);
}
