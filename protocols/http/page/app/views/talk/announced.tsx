import { escapeText } from "../../../../../../src/bytes/text.ts";
import { type App, showDialog, showTab, useApp, useText } from "../../app.ts";
import { tellProblem } from "../../chat/tell-problem.ts";
import type { Announcement } from "../../files/announcement.ts";
import { folderHref } from "../../files/folder-href.ts";
import { previewOf } from "../../files/kinds.ts";
import { inHome } from "../../files/paths.ts";
import { fileUrl } from "../../lib/urls.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Strings } from "../../text/strings.ts";
import { Icon } from "../icon.tsx";

/** Who added which file: a click looks at it, or downloads it. */
export function Announced({ told }: { readonly told: Announcement }) {
  const app = useApp();
  const text = useText();
  const home = useStore(app.account.me, (me) => me.home);
  const { count, size, name } = told;
  const who = whoOf(told, text);
  if (count > 1) {
    return (
      <>
        {text.filesAdded(who, count, size)}{" "}
        <a href={folderHref("/")} onClick={() => showTab(app, "files")}>
          {text.showFiles}
        </a>
      </>
    );
  }
  const path = told.path === null ? null : inHome(home, told.path);
  const shown = path === null ? name : path.slice(1);
  return (
    <>
      {text.fileAdded(who)}{" "}
      <span class="announced">
        {path === null ? <bdi>{escapeText(shown)}</bdi> : <FileLink app={app} path={path} name={shown} text={text} />}
        <span class="muted">{size}</span>
      </span>
    </>
  );
}

interface FileLinkProps {
  readonly app: App;
  readonly path: string;
  readonly name: string;
  readonly text: Strings;
}

function FileLink({ app, path, name, text }: FileLinkProps) {
  const kind = previewOf(name);
  const url = fileUrl(app.root, path);
  const shown = <bdi>{escapeText(name)}</bdi>;
  if (kind === null) {
    return (
      <a href={`${url}?download`} download="" title={text.download}>
        <Icon name="download" />
        {shown}
      </a>
    );
  }
  const look = (event: MouseEvent) => {
    // A new tab, if that is wanted.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    app.chat.ask("stat", { path }).then(
      ({ entry }) => showDialog(app, { kind: "preview", path, entry }),
      (error: unknown) => tellProblem(app, error),
    );
  };
  return (
    <a href={url} target="_blank" rel="noopener" title={text.preview} onClick={look}>
      <Icon name={kind} />
      {shown}
    </a>
  );
}

function whoOf({ who, door }: Announcement, text: Strings): string {
  if (door !== null) return text.somebodyBy(door);
  return who ?? text.severalPeople;
}
