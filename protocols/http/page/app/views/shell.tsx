import { useApp, useText } from "../app.ts";
import { useStore } from "../lib/use-store.ts";
import { Dialogs } from "./dialogs.tsx";
import { FilesPanel } from "./files/files-panel.tsx";
import { Sidebar } from "./rooms/sidebar.tsx";
import { StatusLine } from "./status-line.tsx";
import { Tabs } from "./tabs.tsx";
import { Talk } from "./talk/talk.tsx";

/** The whole page: rooms, conversation, files; on a narrow screen one of them and tabs. */
export function Shell() {
  const { ui } = useApp();
  const text = useText();
  const tab = useStore(ui, ({ tab: shown }) => shown);
  return (
    <div class="shell" data-tab={tab}>
      <StatusLine />
      <div class="panes">
        <nav class="pane sidebar" aria-label={`${text.rooms}, ${text.people}`}>
          <Sidebar />
        </nav>
        <main class="pane talk" aria-label={text.conversation}>
          <Talk />
        </main>
        <aside class="pane files" aria-label={text.files}>
          <FilesPanel />
        </aside>
      </div>
      <Tabs />
      <Dialogs />
    </div>
  );
}
