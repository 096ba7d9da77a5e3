import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { escapeText } from "../../../../../src/bytes/text.ts";
import { useText } from "../app.ts";
import { IconButton } from "./icon-button.tsx";

interface DialogProps {
  readonly title: string;
  readonly class?: string;
  /** Beside the title. */
  readonly tools?: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog over the page: Escape and a click beside it close it. */
export function DialogBox({ title: raw, tools, onClose, children, ...rest }: DialogProps) {
  const text = useText();
  const title = escapeText(raw);
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    box.current?.showModal();
    // Else it is the button that closes it, which comes first.
    box.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it by Escape
    <dialog
      ref={box}
      class={`dialog ${rest.class ?? ""}`}
      aria-label={title}
      onClose={onClose}
      onClick={({ target }) => target === box.current && onClose()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2>{title}</h2>
          {tools}
          <IconButton icon="close" label={text.close} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
