import type { App } from "./app.ts";
import { type ChatState, titleOf } from "./chat/state.ts";
import { isDots } from "./files/paths.ts";
import { hasFiles, isTextForField, takePasted } from "./files/take.ts";
import { stored } from "./settings.ts";
import { textsIn } from "./text/language.ts";

/** Connects the app with what happens to the page as a whole: its title, theme, address, network. */
export function listen(app: App): void {
  const { chat, settings, browser, uploads, ui, atBottom } = app;
  const showTheme = () => {
    document.documentElement.dataset["theme"] = settings.theme.value;
  };
  const showLanguage = () => {
    document.documentElement.lang = textsIn(settings.language.value).tag;
  };
  const showTitle = () => {
    document.title = pageTitle(chat.state.value);
  };
  const openFolder = () => browser.open(folderOf(location.hash));
  const attend = () => {
    if (app.isAttentive()) chat.attend();
  };
  for (const show of [showTheme, showLanguage, showTitle, openFolder]) show();
  settings.theme.watch(showTheme);
  settings.language.watch(showLanguage);
  chat.state.watch(showTitle);
  for (const store of [atBottom, ui]) store.watch(attend);
  addEventListener("hashchange", openFolder);
  addEventListener("online", () => {
    chat.nudge();
    browser.refresh();
  });
  // Another tab of this browser, which has the same login.
  addEventListener("storage", (event) => {
    if (event instanceof StorageEvent && event.key === stored("account")) void app.account.changedElsewhere();
  });
  document.addEventListener("visibilitychange", () => {
    attend();
    if (document.visibilityState === "visible") chat.nudge();
  });
  addEventListener("beforeunload", (event) => uploads.isBusy && event.preventDefault());
  // A file that misses its target would replace the page.
  const keepPage = (event: DragEvent) => !isTextForField(event) && event.preventDefault();
  addEventListener("dragover", keepPage);
  addEventListener("drop", keepPage);
  // The conversation takes what is pasted into its own field, and tells the room of it.
  document.addEventListener("paste", (event) => {
    if (event.defaultPrevented || !hasFiles(event.clipboardData)) return;
    event.preventDefault();
    void takePasted(app, event.clipboardData, null);
  });
}

/** The folder that the address names: `#/photos`. */
function folderOf(hash: string): string {
  try {
    const path = decodeURIComponent(hash.slice(1));
    const names = path.split("/").filter((name) => name !== "" && !isDots(name));
    return path.startsWith("/") ? `/${names.join("/")}` : "/";
  } catch {
    return "/";
  }
}

function pageTitle({ rooms, active }: ChatState): string {
  let unread = 0;
  for (const room of rooms.values()) unread += room.unread;
  const count = unread > 0 ? `(${unread}) ` : "";
  return `${count}${titleOf(active)} · tincan`;
}
