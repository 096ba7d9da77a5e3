import { useEffect, useState } from "preact/hooks";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import { showDialog, useApp, useText } from "../../app.ts";
import type { Entry } from "../../files/entry.ts";
import { previewOf } from "../../files/kinds.ts";
import { join, parentOf } from "../../files/paths.ts";
import { formatSize } from "../../lib/amounts.ts";
import { fileUrl } from "../../lib/urls.ts";
import { DialogBox } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon-button.tsx";
import { TextPreview } from "./text-preview.tsx";

interface PreviewDialogProps {
  readonly path: string;
  readonly entry: Entry;
  readonly onClose: () => void;
}

/** A file, looked at without leaving the page; the arrows go through the folder. */
export function PreviewDialog({ path, entry, onClose }: PreviewDialogProps) {
  const app = useApp();
  const text = useText();
  const show = (other: Entry | undefined) => {
    if (other !== undefined) showDialog(app, { kind: "preview", path: join(parentOf(path), other.name), entry: other });
  };
  // What is told in the conversation may lie in another folder than the one that is listed.
  const listed = parentOf(path) === app.browser.shown.value.path ? app.browser.listed : [];
  const shown = listed.filter(({ type, name }) => type === "file" && previewOf(name));
  const at = shown.findIndex(({ name }) => name === entry.name);
  const [before, after] = at < 0 ? [] : [shown[at - 1], shown[at + 1]];
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest("video, audio, input, pre") !== null;
      if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowLeft") show(before);
      else if (event.key === "ArrowRight") show(after);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });
  const tools = (
    <>
      <IconButton icon="left" label={text.previous} disabled={before === undefined} onClick={() => show(before)} />
      <IconButton icon="right" label={text.next} disabled={after === undefined} onClick={() => show(after)} />
      <a
        class="icon-button"
        href={`${fileUrl(app.root, path)}?download`}
        download=""
        aria-label={text.download}
        title={text.download}
      >
        <Icon name="download" />
      </a>
    </>
  );
  return (
    <DialogBox title={entry.name} class="wide" tools={tools} onClose={onClose}>
      <div class="preview">
        <Content key={path} path={path} entry={entry} />
      </div>
      <p class="muted">{formatSize(entry.size, text.tag)}</p>
    </DialogBox>
  );
}

/** The server sends what others have put there with a sandbox of its own, and these elements run nothing. */
function Content({ path, entry }: Omit<PreviewDialogProps, "onClose">) {
  const { root } = useApp();
  const text = useText();
  const kind = previewOf(entry.name);
  // By another address than before when it was replaced: as long as a page is open, browsers ask for a picture only once.
  const url = `${fileUrl(root, path)}?${entry.mtime}-${entry.size}`;
  const [broken, setBroken] = useState(false);
  const onError = () => setBroken(true);
  if (broken) return <p class="muted">{text.cannotShow}</p>;
  if (kind === "image") return <img src={url} alt={escapeText(entry.name)} onError={onError} />;
  // biome-ignore lint/a11y/useMediaCaption: whoever shared the file has no captions for it
  if (kind === "audio") return <audio src={url} controls preload="metadata" onError={onError} />;
  // biome-ignore lint/a11y/useMediaCaption: whoever shared the file has no captions for it
  if (kind === "video") return <video src={url} controls preload="metadata" playsInline onError={onError} />;
  if (kind === "text") return <TextPreview path={path} size={entry.size} />;
  return <p class="muted">{text.cannotShow}</p>;
}
