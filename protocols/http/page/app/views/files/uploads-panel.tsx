import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { useStore } from "../../lib/use-store.ts";
import { UploadRow } from "./upload-row.tsx";

/** The uploads of this page, below the files. */
export function UploadsPanel() {
  const { uploads } = useApp();
  const text = useText();
  const all = useStore(uploads.uploads);
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(0);
  // What was just added is seen to go.
  useLayoutEffect(() => {
    const added = list.current?.children[count.current];
    count.current = all.length;
    added?.scrollIntoView({ block: "nearest" });
  }, [all.length]);
  if (all.length === 0) return null;
  return (
    <section class="uploads" aria-labelledby="uploads-title">
      <header class="list-head">
        <h2 id="uploads-title">{text.uploads}</h2>
        {all.some(({ state }) => state === "done") && (
          <button type="button" class="button small quiet" onClick={() => uploads.clearDone()}>
            {text.clearDone}
          </button>
        )}
      </header>
      <ul ref={list}>
        {all.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  );
}
