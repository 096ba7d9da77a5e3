import { useState } from "preact/hooks";
import { encode } from "uqr";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import { useApp, useText } from "../../app.ts";
import type { Entry } from "../../files/entry.ts";
import { inShare } from "../../files/paths.ts";
import { waysTo } from "../../files/share.ts";
import { isLoopback, rootForOthers } from "../../lib/urls.ts";
import { useStore } from "../../lib/use-store.ts";
import { DialogBox } from "../dialog.tsx";
import { Icon } from "../icon.tsx";

interface ShareDialogProps {
  readonly path: string;
  readonly entry: Entry;
  readonly onClose: () => void;
}

/** How somebody else gets a file: addresses to copy, and the link as a QR code. */
export function ShareDialog({ path, entry, onClose }: ShareDialogProps) {
  const { root: here, account } = useApp();
  const text = useText();
  const { ports, home, open, addresses } = useStore(account.me);
  const root = rootForOthers(here, addresses);
  const ways = waysTo(root, inShare(home, path), entry.type === "dir", ports);
  return (
    <DialogBox title={text.shareOf(entry.name === "" ? text.home : entry.name)} onClose={onClose}>
      <QrCode text={ways[0]?.text ?? ""} label={text.qrOf} />
      {!open && <p class="muted">{text.mustLogIn}</p>}
      <dl class="ways">
        {ways.map(({ key, text: way }) => (
          <div key={key} class="way">
            <dt>{text.ways[key]}</dt>
            <dd>
              <code>{escapeText(way)}</code>
              <CopyButton text={way} label={`${text.copy}: ${text.ways[key]}`} />
            </dd>
          </div>
        ))}
      </dl>
      {isLoopback(root) && (
        <p class="muted">{addresses?.length === 0 ? text.onlyHere : text.loopbackHint(new URL(root).hostname)}</p>
      )}
      {root !== here && <p class="muted">{text.forOthers(new URL(root).hostname)}</p>}
      {root.startsWith("https:") && <p class="muted">{text.certificateHint}</p>}
    </DialogBox>
  );
}

function CopyButton({ text: copied, label }: { readonly text: string; readonly label: string }) {
  const text = useText();
  const [done, setDone] = useState(false);
  const copy = async ({ currentTarget }: { currentTarget: EventTarget }) => {
    setDone(await copyText(copied, currentTarget as HTMLElement));
  };
  return (
    <button type="button" class="button small" aria-label={label} onClick={copy}>
      {done && <Icon name="check" />}
      <span aria-live="polite">{done ? text.copied : text.copy}</span>
    </button>
  );
}

/** The clipboard's own interface is there only with https and on this machine; elsewhere the old command is. */
async function copyText(text: string, beside: HTMLElement): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  // Within the dialog, because nothing outside of it can have the focus.
  beside.after(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  beside.focus();
  return done;
}

/** Dark on light in either theme: many cameras read nothing else. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect class="qr-light" width={size} height={size} />
      <path class="qr-dark" d={path} />
    </svg>
  );
}
