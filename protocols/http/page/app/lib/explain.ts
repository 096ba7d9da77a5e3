import { HttpError, httpError } from "./http-error.ts";

/** What keeps a page out before anybody has said hello. */
const REASONS: ReadonlySet<string> = new Set(["foreign-origin", "wrong-host", "banned", "busy"]);

/**
 * Finds out why no WebSocket can be opened to an address. Browsers keep the answer to themselves, but a POST is held to the
 * same rules of Host and Origin, and is refused there for its method at the latest.
 */
export class SocketTrouble {
  /** The last time the server itself would have let this page in. */
  #wasWelcome = false;

  constructor(private readonly url: string) {}

  /** To be asked each time that it could not be opened; null where the reason is not known. */
  async why(): Promise<HttpError | null> {
    const error = await this.#refusal();
    const isWelcome = error?.code === "bad-method";
    // Once may be a server that has just come back.
    const isHeldUp = isWelcome && this.#wasWelcome;
    this.#wasWelcome = isWelcome;
    if (isHeldUp) return new HttpError(0, "no-websocket", "WebSockets do not get through");
    return error !== null && REASONS.has(error.code) ? error : null;
  }

  async #refusal(): Promise<HttpError | null> {
    try {
      const answer = await fetch(this.url, { method: "POST", headers: { Accept: "application/json" } });
      return httpError(answer.status, await answer.json());
    } catch {
      // Nobody answers, or somebody else does.
      return null;
    }
  }
}
