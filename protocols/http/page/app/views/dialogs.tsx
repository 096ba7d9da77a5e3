import { useLayoutEffect, useRef } from "preact/hooks";
import { showDialog, useApp } from "../app.ts";
import { useStore } from "../lib/use-store.ts";
import { ActionsDialog } from "./files/actions-dialog.tsx";
import { PreviewDialog } from "./files/preview-dialog.tsx";
import { ShareDialog } from "./files/share-dialog.tsx";
import { LoginDialog } from "./login-dialog.tsx";

/** What is open over the page; when nothing is any more, the focus goes back to where it was. */
export function Dialogs() {
  const app = useApp();
  const dialog = useStore(app.ui, (ui) => ui.dialog);
  const before = useRef<Element | null>(null);
  if (dialog !== null) before.current ??= document.activeElement;
  const isOpen = dialog !== null;
  useLayoutEffect(() => {
    if (isOpen) return;
    // One may have led to another, and nothing outside of them could have the focus before now.
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    before.current = null;
  }, [isOpen]);
  const close = () => showDialog(app, null);
  if (dialog === null) return null;
  if (dialog.kind === "login") return <LoginDialog onClose={close} />;
  const { path, entry } = dialog;
  if (dialog.kind === "share") return <ShareDialog path={path} entry={entry} onClose={close} />;
  if (dialog.kind === "preview") return <PreviewDialog path={path} entry={entry} onClose={close} />;
  return <ActionsDialog path={path} entry={entry} onClose={close} />;
}
