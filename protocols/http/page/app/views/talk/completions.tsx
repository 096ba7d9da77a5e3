import { useLayoutEffect, useRef } from "preact/hooks";
import { useText } from "../../app.ts";
import type { Completion } from "../../chat/completion.ts";

interface CompletionsProps {
  readonly found: readonly Completion[];
  /** The index of the one that Tab takes. */
  readonly chosen: number;
  readonly onTake: (completion: Completion) => void;
}

/** What the begun command can become. The focus stays in the field; the arrows choose. */
export function Completions({ found, chosen, onTake }: CompletionsProps) {
  const text = useText();
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => list.current?.children[chosen]?.scrollIntoView({ block: "nearest" }), [chosen]);
  const help: Readonly<Record<string, string>> = text.commandHelp;
  return (
    // Whatever scrolls can have the focus; forward it does not come here, because Tab takes what is chosen.
    <div ref={list} id="completions" class="completions" role="listbox" tabIndex={0} aria-label={text.commands}>
      {found.map((completion, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field names the chosen one by aria-activedescendant
        <div
          key={completion.label}
          id={`completion-${at}`}
          class="completion"
          role="option"
          aria-selected={at === chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(completion);
          }}
        >
          <span class="completion-label">{completion.label}</span>
          {completion.command !== null && <span class="muted">{help[completion.command]}</span>}
        </div>
      ))}
    </div>
  );
}
