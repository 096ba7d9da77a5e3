import { showDialog, useApp, useText } from "../../app.ts";
import { HttpError } from "../../lib/http-error.ts";
import { problemText } from "../../lib/problem-text.ts";
import { useStore } from "../../lib/use-store.ts";
import { Icon } from "../icon.tsx";

interface FilesNoticeProps {
  readonly problem: Error | null;
  readonly isLoading: boolean;
  readonly isFiltered: boolean;
}

/** What stands where no files are: why, and what to do. */
export function FilesNotice({ problem, isLoading, isFiltered }: FilesNoticeProps) {
  const app = useApp();
  const text = useText();
  const me = useStore(app.account.me);
  const refusal = problem instanceof HttpError ? problem : null;
  const { title, hint } = wordsFor();
  return (
    <div class="notice" role="status">
      <Icon name="folder" />
      <p>{title}</p>
      {hint !== "" && <p class="muted">{hint}</p>}
      {refusal?.status === 401 && (
        <button type="button" class="button" onClick={() => showDialog(app, { kind: "login" })}>
          {text.logIn}
        </button>
      )}
      {problem !== null && refusal?.code !== "no-files" && (
        <button type="button" class="button quiet" onClick={() => app.browser.refresh()}>
          {text.retry}
        </button>
      )}
    </div>
  );

  function wordsFor(): { title: string; hint: string } {
    if (refusal?.code === "no-files") return { title: text.noFiles, hint: text.noFilesHint };
    if (problem !== null) return { title: problemText(problem, text), hint: "" };
    if (isLoading) return { title: text.loading, hint: "" };
    if (isFiltered) return { title: text.nothingMatches, hint: "" };
    if (me.may.upload) return { title: text.emptyFolder, hint: text.emptyFolderHint };
    // Whoever sits at the server's own machine has most likely just started it, and is told why there is no button.
    const isOwner = me.addresses !== null && me.user === null;
    return { title: text.emptyFolder, hint: isOwner ? text.readOnlyHint : "" };
  }
}
