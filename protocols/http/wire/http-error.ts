/** A request that is not done. `message` is one sentence for people, with the requester's text already escaped. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  /** @param fields header fields that the answer carries beside its words: `allow`, `www-authenticate` */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Of a peer that does not come in, or is ended for the sake of others. */
export const BUSY = new HttpError(503, "busy", "the server is full; try again later");
export const BANNED = new HttpError(403, "banned", "you are banned here");

/** 403 for want of a right that an account may have: who is not logged in is asked to, with 401. */
export class DeniedError extends HttpError {
  constructor(message: string) {
    super(403, "denied", message);
  }
}

/** A request that breaks the rules of HTTP: what comes behind it on the connection cannot be trusted either. */
export class MalformedError extends HttpError {}

/** What came is not HTTP at all, and may be something that another door speaks. */
export class NotHttpError extends MalformedError {
  /** @param beginning of what came, bytes as latin1 */
  constructor(
    readonly beginning: string,
    message: string,
  ) {
    super(400, "bad-request", message);
  }
}
