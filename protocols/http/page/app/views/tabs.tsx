import { useApp, useText } from "../app.ts";
import { useStore } from "../lib/use-store.ts";
import { Icon, type IconName } from "./icon.tsx";

const TABS: readonly { readonly tab: "rooms" | "chat" | "files"; readonly icon: IconName }[] = [
  { tab: "rooms", icon: "person" },
  { tab: "chat", icon: "chat" },
  { tab: "files", icon: "folder" },
];

/** On a narrow screen: which part of the page is shown. */
export function Tabs() {
  const { ui, chat } = useApp();
  const text = useText();
  const shown = useStore(ui, ({ tab }) => tab);
  const active = useStore(chat.state, (state) => state.active);
  const rooms = useStore(chat.state, (state) => state.rooms);
  const isUnread = (tab: (typeof TABS)[number]["tab"]) => {
    if (tab === "files") return false;
    return [...rooms.values()].some(({ id, unread }) => unread > 0 && (id === active) === (tab === "chat"));
  };
  return (
    <nav class="tabs" aria-label={text.sections}>
      {TABS.map(({ tab, icon }) => (
        <button
          type="button"
          key={tab}
          class="tab"
          aria-current={tab === shown ? "page" : undefined}
          onClick={() => ui.update((now) => ({ ...now, tab }))}
        >
          <Icon name={icon} />
          {text[tab]}
          {isUnread(tab) && (
            <span class="dot">
              <span class="sr-only">{text.newBelow}</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}
