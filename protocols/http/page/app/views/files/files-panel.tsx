import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { filterEntries, type Order, sortEntries } from "../../files/entry.ts";
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
  // What was looked for in one folder is not looked for in the next.
  const [filtered, setFiltered] = useState({ path, words: "" });
  const filter = filtered.path === path ? filtered.words : "";
  useLayoutEffect(() => setFiltered({ path, words: "" }), [path]);
  const [order, setOrder] = useState<Order>({ by: "name", down: false });
  const shown = useMemo(() => sortEntries(filterEntries(entries ?? [], filter), order), [entries, filter, order]);
  useFolderFocus(path, entries !== null || problem !== null);
  return (
    <DropZone hint={text.dropHere} onDrop={(transfer) => void takeDropped(app, transfer, null)}>
      <FilesHeader path={path} filter={filter} setFilter={(words) => setFiltered({ path, words })} />
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
