import { useEffect, useState } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { decodeText } from "../../lib/decode-text.ts";
import { problemText } from "../../lib/problem-text.ts";

/** More is not read on a screen, and would make the page slow. */
const MOST_BYTES = 256 * 1024;

/** A text file's beginning, as nothing but text. */
export function TextPreview({ path, size }: { readonly path: string; readonly size: number }) {
  const { browser, settings } = useApp();
  const text = useText();
  const [content, setContent] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (size === 0) {
      setContent("");
      return;
    }
    const show = (bytes: Uint8Array) => setContent(decodeText(bytes, settings.language.value));
    browser.api.head(path, MOST_BYTES).then(show, (error: unknown) => {
      setProblem(problemText(error, text));
    });
  }, [path, size]);
  if (problem !== "") return <p class="problem">{problem}</p>;
  if (content === null) return <p class="muted">{text.loading}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what has the focus */}
      <pre tabIndex={0}>{content}</pre>
      {size > MOST_BYTES && <p class="muted">{text.tooLargeToShow}</p>}
    </>
  );
}
