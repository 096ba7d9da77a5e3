import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useText } from "../app.ts";
import { problemText } from "../lib/problem-text.ts";
import { useKeptFocus } from "./keep-focus.ts";

interface InlineFormProps {
  readonly label: string;
  readonly value?: string;
  /** How much of the value is selected, from its beginning: all of it. */
  readonly selected?: number;
  /** On the button. */
  readonly action: string;
  readonly placeholder?: string;
  readonly mayBeEmpty?: boolean;
  /** What is refused is told below the field. */
  readonly onSubmit: (value: string) => Promise<void> | void;
  readonly onCancel: () => void;
}

/** One field where something stood, with a button; Escape brings back what stood there. */
export function InlineForm(props: InlineFormProps) {
  const {
    label,
    value = "",
    selected = value.length,
    action,
    placeholder,
    mayBeEmpty = false,
    onSubmit,
    onCancel,
  } = props;
  const text = useText();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useKeptFocus(form);
  // Once: what is drawn again while somebody types must not select what they have typed.
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(0, selected);
  }, []);
  const [problem, setProblem] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const wanted = field.current?.value.trim() ?? "";
    if (wanted === "" && !mayBeEmpty) return;
    try {
      await onSubmit(wanted);
    } catch (error) {
      setProblem(problemText(error, text));
      field.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };
  return (
    <form ref={form} class="inline-form" onSubmit={submit} onKeyDown={onKeyDown}>
      <div class="inline-row">
        <input
          ref={field}
          aria-label={label}
          aria-invalid={problem !== ""}
          defaultValue={value}
          placeholder={placeholder ?? label}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="done"
        />
        <button type="submit" class="button primary">
          {action}
        </button>
        <button type="button" class="button quiet" onClick={onCancel}>
          {text.cancel}
        </button>
      </div>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
