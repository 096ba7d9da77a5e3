import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { type Completion, completeName, completionsOf } from "../../chat/completion.ts";
import { sayable } from "../../chat/sayable.ts";
import { isPrivate, type Room, titleOf, withDraft } from "../../chat/state.ts";
import { chooseAndUpload, hasFiles, takePasted } from "../../files/take.ts";
import { useStore } from "../../lib/use-store.ts";
import { IconButton } from "../icon-button.tsx";
import { Completions } from "./completions.tsx";
import { submit } from "./submit.ts";

/** The server's limit for a message, in UTF-8 bytes. */
const MOST_BYTES = 4_000;

/** Where messages and commands are written. Enter sends, Shift and Enter makes a line. */
export function Composer({ room }: { readonly room: Room }) {
  const app = useApp();
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const typed = useStore(app.chat.state, ({ drafts }) => drafts.get(room.id) ?? "");
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState("");
  const mayUpload = useStore(app.account.me, (me) => me.may.upload);
  const rooms = [...app.chat.state.value.rooms.values()];
  const known = {
    members: room.members,
    people: [...new Set([...room.members, ...rooms.flatMap(({ members }) => members)])],
    rooms: rooms.map(({ id }) => id).filter((id) => !isPrivate(id)),
  };
  const found = typed === closed ? [] : completionsOf(typed, known);
  const words = sayable(typed);
  const isBlank = words.trim() === "";
  const bytesOver = new TextEncoder().encode(words).length - MOST_BYTES;

  const type = (next: string) => {
    setChosen(0);
    app.chat.state.update((state) => withDraft(state, room.id, next));
  };
  const take = ({ text: completed }: Completion) => {
    type(completed);
    field.current?.focus();
  };
  const send = () => {
    // Before the first welcome, and outside of every room, there is nowhere to keep it but here.
    const hasPlace = app.chat.state.value.rooms.has(room.id) || app.chat.link !== null;
    if (isBlank || bytesOver > 0 || !hasPlace) return;
    submit(app, text, room.id, words);
    type("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // 229: this key belongs to an input method, also the Enter that ends its composition (Safari says so only by this).
    if (event.isComposing || event.keyCode === 229) return;
    const completion = found[chosen];
    const action = keyAction(event, completion, typed);
    if (action === null) return;
    event.preventDefault();
    if (action === "move") setChosen((chosen + (event.key === "ArrowUp" ? -1 : 1) + found.length) % found.length);
    else if (action === "take" && completion !== undefined) take(completion);
    else if (action === "close") setClosed(typed);
    else if (action === "name") type(completeName(typed, known) ?? typed);
    else send();
  };
  const keyAction = (event: KeyboardEvent, completion: Completion | undefined, now: string) => {
    if (completion !== undefined && (event.key === "ArrowUp" || event.key === "ArrowDown")) return "move";
    if (completion !== undefined && event.key === "Escape") return "close";
    if (event.key === "Tab" && !event.shiftKey) {
      if (completion !== undefined) return "take";
      return completeName(now, known) === null ? null : "name";
    }
    if (event.key !== "Enter" || event.shiftKey) return null;
    return completion !== undefined && completion.text.trim() !== now.trim().toLowerCase() ? "take" : "send";
  };

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [typed]);
  useLayoutEffect(() => {
    // Not on a phone, where it would bring the keyboard up; nor from elsewhere, when it is the other who has moved: to
    // another name.
    const isElsewhere = (document.activeElement?.closest(".files, .identity, dialog") ?? null) !== null;
    if (matchMedia("(pointer: fine)").matches && !isElsewhere) field.current?.focus({ preventScroll: true });
  }, []);

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
    >
      {found.length > 0 && <Completions found={found} chosen={chosen} onTake={take} />}
      <div class="composer-row">
        {mayUpload && <IconButton icon="attach" label={text.attach} onClick={() => chooseAndUpload(app, room.id)} />}
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={typed}
          placeholder={text.writeTo(titleOf(room.id))}
          aria-label={text.writeTo(titleOf(room.id))}
          aria-describedby="bytes-left"
          aria-controls={found.length > 0 ? "completions" : undefined}
          aria-activedescendant={found.length > 0 ? `completion-${chosen}` : undefined}
          enterkeyhint="send"
          autocomplete="off"
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (!hasFiles(event.clipboardData)) return;
            event.preventDefault();
            void takePasted(app, event.clipboardData, room.id);
          }}
        />
        <IconButton icon="send" label={text.send} type="submit" class="icon-button send" disabled={isBlank} />
      </div>
      <p id="bytes-left" class="bytes-left" data-over={bytesOver > 0} aria-live="polite">
        {bytesOver > 0 ? text.tooLong(bytesOver) : bytesOver > -400 ? text.bytesLeft(-bytesOver) : ""}
      </p>
    </form>
  );
}
