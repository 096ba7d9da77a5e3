import type { App } from "./app.ts";
import type { ChatState } from "./chat/state.ts";
import { textsIn } from "./text/language.ts";

/** Connects the app with what happens to the page as a whole: its title, theme, address, network. */
export function listen(app: App): void {
  const { chat, settings, browser, uploads, atBottom } = app;
  const showTheme = () => {
    document.documentElement.dataset["theme"] = settings.theme.value;
  };
  const showLanguage = () => {
    document.documentElement.lang = textsIn(settings.language.value).tag;
  };
  const showTitle = () => {
    document.title = titleOf(chat.state.value);
  };
  const openFolder = () => browser.open(folderOf(location.hash));
  const attend = () => {
    if (document.visibilityState === "visible" && atBottom.value) chat.attend();
  };
  for (const show of [showTheme, showLanguage, showTitle, openFolder]) show();
  settings.theme.watch(showTheme);
  settings.language.watch(showLanguage);
  chat.state.watch(showTitle);
  atBottom.watch(attend);
  addEventListener("hashchange", openFolder);
  addEventListener("online", () => chat.nudge());
  document.addEventListener("visibilitychange", () => {
    attend();
    if (document.visibilityState === "visible") chat.nudge();
  });
  addEventListener("beforeunload", (event) => uploads.isBusy && event.preventDefault());
  // A file that misses its target would replace the page.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
}

/** The folder that the address names: `#/photos`. */
function folderOf(hash: string): string {
  try {
    const path = decodeURIComponent(hash.slice(1)).replace(/\/+$/, "");
    return path.startsWith("/") ? path : "/";
  } catch {
    return "/";
  }
}

function titleOf({ rooms, active }: ChatState): string {
  let unread = 0;
  for (const room of rooms.values()) unread += room.unread;
  const count = unread > 0 ? `(${unread}) ` : "";
  return `${count}${active} · tincan`;
}
