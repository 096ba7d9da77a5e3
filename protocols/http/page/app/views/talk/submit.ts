import { type App, showTab } from "../../app.ts";
import { helpFor, parseTyped } from "../../chat/commands.ts";
import { isPrivate } from "../../chat/state.ts";
import { tellProblem } from "../../chat/tell-problem.ts";
import { folderHref } from "../../files/folder-href.ts";
import type { Strings } from "../../text/strings.ts";

/** Does what was typed: says it, or carries out a command; what goes wrong is told where it was typed. */
export function submit(app: App, text: Strings, room: string, typed: string): void {
  const { chat, ui, account, atBottom } = app;
  const parsed = parseTyped(typed);
  // There is what comes of it.
  atBottom.set(true);
  const tell = (error: unknown) => tellProblem(app, error);
  if (parsed.kind === "say") {
    const say = () => chat.outbox.say(room, isPrivate(room) ? "tell" : "say", parsed.text.trimEnd());
    // Who has left the last room is still shown one, and comes back by speaking.
    if (chat.state.value.rooms.has(room)) say();
    else chat.join(room).then(say, tell);
    return;
  }
  if (parsed.kind === "unknown") {
    chat.note(room, text.unknownCommand(parsed.name, parsed.guess), "bad");
    return;
  }
  if (parsed.kind === "short") {
    chat.note(room, helpFor(parsed.name, text), "bad");
    return;
  }
  if (parsed.command.roomOnly && isPrivate(room)) {
    chat.note(room, text.roomOnly(parsed.name), "bad");
    return;
  }
  const search = (words: string) => {
    if (account.me.value.search) ui.update((now) => ({ ...now, search: words }));
    else chat.note(room, text.noSearch, "bad");
  };
  const openFolder = (path: string) => {
    location.hash = folderHref(path);
    showTab(app, "files");
  };
  const host = { chat, text, search, openFolder };
  Promise.resolve(parsed.command.run(host, parsed.words, room)).catch(tell);
}
