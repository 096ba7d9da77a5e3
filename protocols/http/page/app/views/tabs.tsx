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
  const unread = useStore(chat.state, ({ rooms }) => [...rooms.values()].some((room) => room.unread > 0));
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
          {tab === "rooms" && unread && <span class="dot" />}
        </button>
      ))}
    </nav>
  );
}
