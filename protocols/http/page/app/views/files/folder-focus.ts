import { useLayoutEffect, useRef } from "preact/hooks";
import { folderHref } from "../../files/folder-href.ts";

/** Who opens a folder by the keyboard goes on in it: at its first entry, or at the folder that they have come out of. */
export function useFolderFocus(path: string, isThere: boolean): void {
  const before = useRef(path);
  const from = useRef<string | null>(null);
  if (before.current !== path) {
    // While the list is still drawn in which the keyboard was.
    from.current = isAmong(".file-list, .breadcrumb") ? before.current : null;
    before.current = path;
  }
  useLayoutEffect(() => {
    if (from.current === null || !isThere) return;
    const out = `${folderHref(from.current)}/`;
    from.current = null;
    if (document.activeElement !== document.body && !isAmong(".files")) return;
    const links = [...document.querySelectorAll<HTMLElement>(".file-main")];
    const left = links.find((link) => out.startsWith(`${link.getAttribute("href")}/`));
    (left ?? links[0] ?? document.querySelector<HTMLElement>(".breadcrumb [aria-current]"))?.focus();
  }, [path, isThere]);
}

function isAmong(selector: string): boolean {
  return (document.activeElement?.closest(selector) ?? null) !== null;
}
