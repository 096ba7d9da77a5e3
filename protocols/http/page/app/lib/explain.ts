import { type HttpError, httpError } from "./http-error.ts";

/** What keeps a page out before anybody has said hello. */
const REASONS: ReadonlySet<string> = new Set(["foreign-origin", "wrong-host", "banned", "busy"]);

/**
 * Why no WebSocket can be opened to this address; null where that is not known. Browsers keep the answer to themselves, but
 * a POST is held to the same rules of Host and Origin, and is refused there for its method at the latest.
 */
export async function whyNoSocket(url: string): Promise<HttpError | null> {
  try {
    const answer = await fetch(url, { method: "POST", headers: { Accept: "application/json" } });
    const error = httpError(answer.status, await answer.json());
    return REASONS.has(error.code) ? error : null;
  } catch {
    // Nobody answers, or somebody else does.
    return null;
  }
}
