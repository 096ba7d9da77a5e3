import { useApp, useText } from "../../app.ts";
import { isChatless } from "../../chat/state.ts";
import { useStore } from "../../lib/use-store.ts";
import type { IconName } from "../icon.tsx";
import { IconButton } from "../icon-button.tsx";
import { Logo } from "../logo.tsx";
import { Identity } from "./identity.tsx";
import { PeopleList } from "./people-list.tsx";
import { RoomList } from "./room-list.tsx";

const THEME_ICONS: Readonly<Record<"system" | "light" | "dark", IconName>> = {
  system: "system",
  light: "sun",
  dark: "moon",
};

/** The left of the page: where one can be, who is there, who one is. */
export function Sidebar() {
  const { settings, chat } = useApp();
  const text = useText();
  const theme = useStore(settings.theme);
  const language = useStore(settings.language);
  const chatless = useStore(chat.state, isChatless);
  return (
    <>
      <header class="brand">
        <Logo />
        <h1>tincan</h1>
        <IconButton icon={THEME_ICONS[theme]} label={text.theme[theme]} onClick={() => settings.nextTheme()} />
        <button
          type="button"
          class="icon-button language"
          lang={language === "en" ? "zh" : "en"}
          onClick={() => settings.language.set(language === "en" ? "zh" : "en")}
        >
          {text.switchLanguage}
        </button>
      </header>
      <div class="sidebar-lists">
        {!chatless && <RoomList />}
        {!chatless && <PeopleList />}
      </div>
      <Identity />
    </>
  );
}
