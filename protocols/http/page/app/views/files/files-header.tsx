import { useState } from "preact/hooks";
import { showDialog, useApp, useText } from "../../app.ts";
import { join, nameOf } from "../../files/paths.ts";
import { chooseAndUpload } from "../../files/take.ts";
import { fileUrl } from "../../lib/urls.ts";
import { useStore } from "../../lib/use-store.ts";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon-button.tsx";
import { InlineForm } from "../inline-form.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";

interface FilesHeaderProps {
  readonly path: string;
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
}

/** Which folder this is, and what can be done with all of it. */
export function FilesHeader({ path, filter, setFilter }: FilesHeaderProps) {
  const app = useApp();
  const text = useText();
  const { may, files } = useStore(app.account.me);
  const [naming, setNaming] = useState(false);
  const folder = path === "/" ? "/" : `${path}/`;
  const makeFolder = async (name: string) => {
    await app.browser.api.makeFolder(join(path, name));
    setNaming(false);
    app.browser.changed();
  };
  const shareFolder = () => {
    const entry = { name: nameOf(path), type: "dir", size: 0, mtime: 0 } as const;
    showDialog(app, { kind: "share", path, entry });
  };
  return (
    <header class="files-head">
      <div class="files-title">
        <h2 class="sr-only">{text.files}</h2>
        <Breadcrumb path={path} />
        {files && (
          <div class="tools">
            {may.upload && <IconButton icon="newFolder" label={text.newFolder} onClick={() => setNaming(true)} />}
            <a
              class="icon-button"
              href={`${fileUrl(app.root, folder)}?archive=tar`}
              download=""
              aria-label={text.downloadTar}
              title={text.downloadTar}
            >
              <Icon name="download" />
            </a>
            <IconButton icon="share" label={text.shareOf(text.folder)} onClick={shareFolder} />
          </div>
        )}
      </div>
      {naming && (
        <InlineForm
          label={text.folderName}
          action={text.create}
          onSubmit={makeFolder}
          onCancel={() => setNaming(false)}
        />
      )}
      {files && (
        <div class="files-bar">
          <div class="filter">
            <Icon name="search" />
            <input
              type="search"
              value={filter}
              placeholder={text.filter}
              aria-label={text.filter}
              onInput={({ currentTarget }) => setFilter(currentTarget.value)}
            />
          </div>
          {may.upload && (
            <button type="button" class="button primary" onClick={() => chooseAndUpload(app, null)}>
              <Icon name="upload" />
              {text.upload}
            </button>
          )}
        </div>
      )}
    </header>
  );
}
