import { escapeText } from "../../../../../../src/bytes/text.ts";
import { useText } from "../../app.ts";
import { folderHref } from "../../files/folder-href.ts";
import { trail } from "../../files/paths.ts";

/** The way to the folder that is shown; every step is a link. */
export function Breadcrumb({ path }: { readonly path: string }) {
  const text = useText();
  const steps = trail(path);
  return (
    <nav class="breadcrumb" aria-label={text.folders}>
      <ol>
        {steps.map((step, at) => (
          <li key={step.path}>
            <a href={folderHref(step.path)} aria-current={at === steps.length - 1 ? "page" : undefined}>
              {step.path === "/" ? text.home : escapeText(step.name)}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
