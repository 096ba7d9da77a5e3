import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import { showDialog, useApp, useText } from "../../app.ts";
import type { Entry } from "../../files/entry.ts";
import { previewOf } from "../../files/kinds.ts";
import { join, parentOf, stemOf } from "../../files/paths.ts";
import { formatSize } from "../../lib/amounts.ts";
import { HttpError } from "../../lib/http-error.ts";
import { problemText } from "../../lib/problem-text.ts";
import { fullTime } from "../../lib/times.ts";
import { fileUrl } from "../../lib/urls.ts";
import { useStore } from "../../lib/use-store.ts";
import { DialogBox } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import { InlineForm } from "../inline-form.tsx";

interface ActionsDialogProps {
  readonly path: string;
  readonly entry: Entry;
  readonly onClose: () => void;
}

/** All that can be done with one file or folder. */
export function ActionsDialog({ path, entry, onClose }: ActionsDialogProps) {
  const app = useApp();
  const text = useText();
  const { may, user } = useStore(app.account.me);
  const [refused, setRefused] = useState(false);
  const [step, setStep] = useState<"menu" | "rename" | "remove">("menu");
  const { name, type, size, mtime } = entry;
  const isFolder = type === "dir";
  // Who may only add files may change those of its own: an account all of them, anybody what this page has sent.
  const isOwn = app.uploads.uploads.value.some((upload) => {
    return upload.state === "done" && !upload.already && upload.path === path;
  });
  const mayChange = may.write || (may.upload && (user !== null || isOwn));
  const rename = async (wanted: string) => {
    const renamed = join(parentOf(path), wanted);
    await app.browser.api.rename(path, renamed).catch((error: unknown) => {
      setRefused(isLoginNeeded(error));
      throw error;
    });
    app.uploads.renamed(path, renamed);
    app.browser.changed();
    onClose();
  };
  return (
    <DialogBox title={name} class="narrow" onClose={onClose}>
      <p class="muted">{`${isFolder ? text.folder : formatSize(size, text.tag)} · ${fullTime(mtime, text.tag)}`}</p>
      {step === "menu" && (
        <div class="menu">
          {!isFolder && previewOf(name) !== null && (
            <button type="button" onClick={() => showDialog(app, { kind: "preview", path, entry })}>
              <Icon name="text" />
              {text.preview}
            </button>
          )}
          <a
            href={`${fileUrl(app.root, isFolder ? `${path}/` : path)}${isFolder ? "?archive=tar" : "?download"}`}
            download=""
          >
            <Icon name="download" />
            {isFolder ? text.downloadTar : text.download}
          </a>
          <button type="button" onClick={() => showDialog(app, { kind: "share", path, entry })}>
            <Icon name="share" />
            {text.share}
          </button>
          {mayChange && (
            <>
              <button type="button" onClick={() => setStep("rename")}>
                <Icon name="edit" />
                {text.rename}
              </button>
              <button type="button" class="danger" onClick={() => setStep("remove")}>
                <Icon name="trash" />
                {text.remove}
              </button>
            </>
          )}
        </div>
      )}
      {step === "rename" && (
        <InlineForm
          label={text.renameOf(escapeText(name))}
          value={name}
          selected={isFolder ? name.length : stemOf(name).length}
          action={text.rename}
          onSubmit={rename}
          onCancel={() => setStep("menu")}
        />
      )}
      {step === "rename" && refused && <LogInButton />}
      {step === "remove" && <RemoveForm path={path} name={name} onDone={onClose} onCancel={() => setStep("menu")} />}
    </DialogBox>
  );
}

interface RemoveFormProps {
  readonly path: string;
  readonly name: string;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

function RemoveForm({ path, name, onDone, onCancel }: RemoveFormProps) {
  const { browser } = useApp();
  const text = useText();
  const [problem, setProblem] = useState<unknown>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => cancel.current?.focus(), []);
  const remove = async () => {
    try {
      await browser.api.remove(path);
      browser.changed();
      onDone();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <div class="confirm">
      <p>
        <strong>{text.removeAsk(escapeText(name))}</strong> {text.removeForGood}
      </p>
      {problem !== null && (
        <p class="problem" role="alert">
          {problemText(problem, text)}
        </p>
      )}
      {isLoginNeeded(problem) && <LogInButton />}
      <div class="inline-row">
        <button type="button" class="button danger" onClick={() => void remove()}>
          {text.remove}
        </button>
        <button type="button" class="button quiet" ref={cancel} onClick={onCancel}>
          {text.cancel}
        </button>
      </div>
    </div>
  );
}

/** Whether an account could help. */
function isLoginNeeded(error: unknown): boolean {
  return error instanceof HttpError && error.status === 401;
}

function LogInButton() {
  const app = useApp();
  const text = useText();
  return (
    <button type="button" class="button" onClick={() => showDialog(app, { kind: "login" })}>
      <Icon name="key" />
      {text.logIn}
    </button>
  );
}
