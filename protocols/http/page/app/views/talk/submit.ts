import type { App } from "../../app.ts";
import { parseTyped } from "../../chat/commands.ts";
import { LinkDown } from "../../chat/link.ts";
import { isPrivate } from "../../chat/state.ts";
import type { Strings } from "../../text/strings.ts";

/** Does what was typed: says it, or carries out a command; what goes wrong is told where it was typed. */
export function submit({ chat, ui }: App, text: Strings, room: string, typed: string): void {
  const parsed = parseTyped(typed);
  if (parsed.kind === "say") {
    chat.outbox.say(room, isPrivate(room) ? "tell" : "say", parsed.text.trimEnd());
    return;
  }
  if (parsed.kind === "unknown") {
    chat.note(room, text.unknownCommand(parsed.name), "bad");
    return;
  }
  const host = { chat, text, search: (words: string) => ui.update((now) => ({ ...now, search: words })) };
  const tell = (error: unknown) => {
    const message = error instanceof LinkDown ? text.offline : String(error instanceof Error ? error.message : error);
    chat.note(chat.state.value.active, message, "bad");
  };
  Promise.resolve(parsed.command.run(host, parsed.words, room)).catch(tell);
}
