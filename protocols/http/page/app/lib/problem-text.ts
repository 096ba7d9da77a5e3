import { LinkDown, Refused } from "../chat/link.ts";
import type { Strings } from "../text/strings.ts";
import { NoAnswer } from "./ask.ts";
import { HttpError } from "./http-error.ts";

/** What went wrong, for people: by its code where the language has words for it, else as the server said it. */
export function problemText(error: unknown, text: Strings): string {
  if (error instanceof LinkDown || error instanceof NoAnswer) return text.offline;
  if (error instanceof HttpError || error instanceof Refused) return refusalText(error.code, error.message, text);
  return error instanceof Error ? error.message : String(error);
}

/** The server's own sentence says more, but it is English. */
export function refusalText(code: string, message: string, text: Strings): string {
  return (Object.hasOwn(text.refusals, code) ? text.refusals[code] : undefined) ?? message;
}
