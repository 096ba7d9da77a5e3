import { useMemo } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import type { Order } from "../../files/entry.ts";
import { takeDropped } from "../../files/take.ts";
import { useStore } from "../../lib/use-store.ts";
import { DropZone } from "./drop-zone.tsx";
import { FileList } from "./file-list.tsx";
import { FilesHeader } from "./files-header.tsx";
import { FilesNotice } from "./files-notice.tsx";
import { useFolderFocus } from "./folder-focus.ts";
import { SortBar } from "./sort-bar.tsx";
import { UploadsPanel } from "./uploads-panel.tsx";

/** The right of the page: one folder of the share, and the uploads. */
export function FilesPanel() {
  const app = useApp();
  const text = useText();
  const { path, entries, problem } = useStore(app.browser.shown);
  const { arrangement } = app.browser;
  const { filter, order } = useStore(arrangement);
  const setFilter = (words: string) => arrangement.update((now) => ({ ...now, filter: words }));
  const setOrder = (chosen: Order) => arrangement.update((now) => ({ ...now, order: chosen }));
  const shown = useMemo(() => app.browser.listed, [entries, filter, order]);
  useFolderFocus(path, entries !== null || problem !== null);
  return (
    <DropZone hint={text.dropHere} onDrop={(transfer) => void takeDropped(app, transfer, null)}>
      <FilesHeader path={path} filter={filter} setFilter={setFilter} />
      {problem === null && entries !== null && entries.length > 0 && (
        <SortBar order={order} setOrder={setOrder} count={shown.length} />
      )}
      {shown.length > 0 ? (
        <FileList key={path} folder={path} entries={shown} />
      ) : (
        <FilesNotice problem={problem} isLoading={entries === null} isFiltered={filter !== ""} />
      )}
      <UploadsPanel />
    </DropZone>
  );
}
