import { problemText } from "../lib/problem-text.ts";
import type { Store } from "../lib/store.ts";
import { type Language, textsIn } from "../text/language.ts";
import type { Chat } from "./client.ts";

export interface ProblemHost {
  readonly chat: Pick<Chat, "state" | "note">;
  readonly settings: { readonly language: Store<Language> };
}

/** Tells this user alone what went wrong, in the conversation that is shown. */
export function tellProblem({ chat, settings }: ProblemHost, error: unknown): void {
  chat.note(chat.state.value.active, problemText(error, textsIn(settings.language.value)), "bad");
}
