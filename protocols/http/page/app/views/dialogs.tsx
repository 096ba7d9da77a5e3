import { showDialog, useApp } from "../app.ts";
import { useStore } from "../lib/use-store.ts";
import { ActionsDialog } from "./files/actions-dialog.tsx";
import { PreviewDialog } from "./files/preview-dialog.tsx";
import { ShareDialog } from "./files/share-dialog.tsx";
import { LoginDialog } from "./login-dialog.tsx";

/** What is open over the page. */
export function Dialogs() {
  const app = useApp();
  const dialog = useStore(app.ui, (ui) => ui.dialog);
  const close = () => showDialog(app, null);
  if (dialog === null) return null;
  if (dialog.kind === "login") return <LoginDialog onClose={close} />;
  const { path, entry } = dialog;
  if (dialog.kind === "share") return <ShareDialog path={path} entry={entry} onClose={close} />;
  if (dialog.kind === "preview") return <PreviewDialog path={path} entry={entry} onClose={close} />;
  return <ActionsDialog path={path} entry={entry} onClose={close} />;
}
