import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import { showDialog, useApp, useText } from "../../app.ts";
import type { Entry } from "../../files/entry.ts";
import { folderHref } from "../../files/folder-href.ts";
import { previewOf } from "../../files/kinds.ts";
import { join } from "../../files/paths.ts";
import { formatSize } from "../../lib/amounts.ts";
import { fullTime, shortTime } from "../../lib/times.ts";
import { fileUrl } from "../../lib/urls.ts";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon-button.tsx";

/** More rows at once would make the page slow; the filter finds what is not among them. */
const MOST = 500;
/** Times as many, each time that more are wanted. */
const MORE = 4;

/** The files and folders of one folder. */
export function FileList({ folder, entries }: { readonly folder: string; readonly entries: readonly Entry[] }) {
  const text = useText();
  const [most, setMost] = useState(MOST);
  const list = useRef<HTMLUListElement>(null);
  // The keyboard goes on where the list ended.
  useLayoutEffect(() => {
    if (most > MOST) list.current?.querySelectorAll<HTMLElement>(".file-main")[most / MORE]?.focus();
  }, [most]);
  return (
    <ul ref={list} class="file-list" aria-label={text.files}>
      {entries.slice(0, most).map((entry) => (
        <FileRow key={entry.name} entry={entry} path={join(folder, entry.name)} />
      ))}
      {entries.length > most && (
        <li class="more-files">
          <button type="button" class="button" onClick={() => setMost(most * MORE)}>
            {text.more(entries.length - most)}
          </button>
        </li>
      )}
    </ul>
  );
}

function FileRow({ entry, path }: { readonly entry: Entry; readonly path: string }) {
  const app = useApp();
  const text = useText();
  const { name, type, size, mtime } = entry;
  // An order of letters turned around would hide what kind of file it is.
  const shown = escapeText(name);
  const isFolder = type === "dir";
  const row = useRef<HTMLLIElement>(null);
  // Who has deleted or renamed a file by the keyboard goes on beside it.
  useLayoutEffect(() => {
    const gone = row.current;
    return () => {
      if (gone?.contains(document.activeElement) !== true) return;
      const beside = gone.nextElementSibling ?? gone.previousElementSibling;
      // Not before the whole list may have gone: the focus would go through all of it, row by row.
      queueMicrotask(() => {
        if (document.activeElement === document.body) beside?.querySelector<HTMLElement>(".file-main")?.focus();
      });
    };
  }, []);
  const preview = isFolder ? null : previewOf(name);
  const open = (event: Event) => {
    if (preview === null) return;
    event.preventDefault();
    showDialog(app, { kind: "preview", path, entry });
  };
  return (
    <li ref={row} class="file" data-type={type}>
      <a
        class="file-main"
        title={shown}
        href={isFolder ? folderHref(path) : `${fileUrl(app.root, path)}${preview === null ? "?download" : ""}`}
        onClick={open}
      >
        <span class="file-icon" data-kind={isFolder ? "folder" : (preview ?? "file")}>
          <Icon name={isFolder ? "folder" : (preview ?? "file")} />
        </span>
        <span class="file-words">
          <span class="file-name">{shown}</span>
          <span class="file-facts">
            {!isFolder && <span>{formatSize(size, text.tag)}</span>}
            <time dateTime={new Date(mtime).toISOString()} title={fullTime(mtime, text.tag)}>
              {shortTime(mtime, Date.now(), text.tag)}
            </time>
          </span>
        </span>
      </a>
      <IconButton
        icon="share"
        label={text.shareOf(shown)}
        onClick={() => showDialog(app, { kind: "share", path, entry })}
      />
      <IconButton
        icon="more"
        label={text.actions(shown)}
        aria-haspopup="dialog"
        onClick={() => showDialog(app, { kind: "actions", path, entry })}
      />
    </li>
  );
}
