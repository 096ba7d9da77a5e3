import { useRef, useState } from "preact/hooks";
import { formatLeft } from "../../../../../../src/bytes/amounts.ts";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import { showDialog, useApp, useText } from "../../app.ts";
import { nameOf } from "../../files/paths.ts";
import { chooseAgain } from "../../files/take.ts";
import { isMoving, progressOf, type Upload, type UploadState } from "../../files/upload/upload.ts";
import { formatSize, percentOf } from "../../lib/amounts.ts";
import { Pace } from "../../lib/pace.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Strings } from "../../text/strings.ts";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon-button.tsx";

/** One upload: how far it is, and what can be done about it. */
export function UploadRow({ upload }: { readonly upload: Upload }) {
  const app = useApp();
  const text = useText();
  const { id, path, size, state } = upload;
  const { uploads, browser } = app;
  const me = useStore(app.account.me);
  const [isOther, setOther] = useState(false);
  const name = escapeText(nameOf(path));
  const progress = progressOf(upload);
  const pace = useRef(new Pace()).current;
  if (state !== "sending") pace.rest();
  const left = state === "sending" ? pace.left(performance.now(), progress.done, progress.of) : null;
  const isOpen = isMoving(upload) || state === "waiting";
  return (
    <li class="upload" data-state={state}>
      <div class="upload-head">
        <span class="upload-name" title={escapeText(path)}>
          {name}
        </span>
        {(isOpen || state === "paused" || state === "failed") && (
          // One button for both: whoever presses it can press it again.
          <IconButton
            icon={isOpen ? "pause" : "play"}
            label={isOpen ? text.pause : text.resume}
            onClick={() => (isOpen ? uploads.pause(id) : uploads.resume(id))}
          />
        )}
        <IconButton
          icon="close"
          label={state === "done" ? text.dismiss : text.giveUp}
          onClick={() => uploads.remove(id)}
        />
      </div>
      {state !== "done" && <progress value={progress.done} max={Math.max(1, progress.of)} aria-label={name} />}
      <p class="upload-state" title={state === "done" ? text.doneHint(upload.sha256) : undefined}>
        {state === "done" && <Icon name="check" />}
        <span>{stateWords(upload, text)}</span>
        <span class="muted">
          {[...howFar(upload, text), ...timeLeft(left, text), formatSize(size, text.tag)].join(" · ")}
        </span>
      </p>
      {state === "done" && <p class="upload-hash" title={upload.sha256}>{`SHA-256 ${upload.sha256.slice(0, 16)}…`}</p>}
      {state === "taken" && (
        <div class="upload-choices">
          <button type="button" class="button small" onClick={() => uploads.keepBoth(id, (name) => browser.has(name))}>
            {text.keepBoth}
          </button>
          {me.may.write && (
            <button type="button" class="button small" onClick={() => uploads.replace(id)}>
              {text.replace}
            </button>
          )}
        </div>
      )}
      {state === "held" && upload.user !== null && me.user === null && (
        <div class="upload-choices">
          <button type="button" class="button small" onClick={() => showDialog(app, { kind: "login" })}>
            {text.logIn}
          </button>
        </div>
      )}
      {state === "lost" && isOther && (
        <p class="problem" role="alert">
          {text.otherFile}
        </p>
      )}
      {state === "lost" && (
        <div class="upload-choices">
          <button type="button" class="button small" onClick={() => chooseAgain(app, upload, () => setOther(true))}>
            {text.chooseAgain}
          </button>
        </div>
      )}
    </li>
  );
}

/** Nothing where it does not matter, or is not known. */
function howFar(upload: Upload, text: Strings): readonly string[] {
  const { state } = upload;
  const { done, of } = progressOf(upload);
  const percent = percentOf(done, of);
  if (state === "done" || state === "taken") return [];
  if (state !== "lost" && state !== "failed") return [`${percent} %`];
  return percent === 0 ? [] : [text.kept(percent)];
}

/** Nothing where it is nearly over. */
function timeLeft(seconds: number | null, text: Strings): readonly string[] {
  return seconds === null || seconds < 1 ? [] : [text.timeLeft(formatLeft(seconds))];
}

function stateWords({ state, problem, user, already }: Upload, text: Strings): string {
  const words: Readonly<Record<UploadState, string>> = {
    waiting: text.waiting,
    checking: text.checking,
    sending: text.sendingFile,
    hashing: text.hashing,
    storing: text.storing,
    retrying: text.retrying,
    paused: text.paused,
    taken: text.taken,
    failed: problem === "" ? text.failed : problem,
    lost: text.lost,
    held: user === null ? text.heldForNobody : text.heldFor(user),
    done: already ? text.alreadyThere : text.done,
  };
  return words[state];
}
