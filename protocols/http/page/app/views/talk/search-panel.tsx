import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { hides } from "../../chat/ignored.ts";
import { type AskSearch, RoomSearch } from "../../chat/search.ts";
import { keyOf } from "../../chat/timeline.ts";
import type { RoomEvent } from "../../chat/wire.ts";
import { problemText } from "../../lib/problem-text.ts";
import { clockTime, dayName } from "../../lib/times.ts";
import { useStore } from "../../lib/use-store.ts";
import { IconButton } from "../icon-button.tsx";
import { useKeptFocus } from "../keep-focus.ts";
import { Words } from "./words.tsx";

/** Typing is over. */
const SETTLE_MS = 250;
const PAGE = 30;

/** Searches the room's kept history, newest first. */
export function SearchPanel({ room, words }: { readonly room: string; readonly words: string }) {
  const { chat, ui } = useApp();
  const text = useText();
  const panel = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useKeptFocus(panel);
  const setWords = (typed: string | null) => ui.update((now) => ({ ...now, search: typed }));
  const [search] = useState(() => {
    const ask: AskSearch = (wanted, before) =>
      chat.ask("search", { room, text: wanted, limit: PAGE, ...(before !== null && { before }) });
    return new RoomSearch(ask);
  });
  const found = useStore(search.found);
  const goal = useStore(chat.state, ({ rooms }) => rooms.get(room)?.goal?.key);
  // Why the place of something that was found is not shown.
  const [unreached, setUnreached] = useState<unknown>(null);
  // Before the next key, which is meant for it.
  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    setUnreached(null);
    const timer = setTimeout(() => void search.look(words), words.trim() === "" ? 0 : SETTLE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const problem = found.problem ?? unreached;
  const go = (event: RoomEvent) => chat.past.find(event).then(() => setUnreached(null), setUnreached);
  const shown = found.events.filter((event) => !hides(chat.state.value.ignored, event));
  return (
    <section
      ref={panel}
      class="search"
      data-aside={goal !== undefined}
      aria-label={text.searchIn(room)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        // Firefox empties the field then, and tells of it when the panel is closed already.
        event.preventDefault();
        setWords(null);
      }}
    >
      <div class="search-row">
        <input
          ref={field}
          type="search"
          value={words}
          placeholder={text.searchIn(room)}
          aria-label={text.searchIn(room)}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <IconButton icon="close" label={text.close} onClick={() => setWords(null)} />
      </div>
      {problem !== null && (
        <p class="problem" role="alert">
          {problemText(problem, text)}
        </p>
      )}
      <div class="search-found" role="status">
        {found.words !== "" && found.events.length === 0 && found.problem === null && (
          <p class="muted">{text.searchNothing}</p>
        )}
        <ul>
          {shown.map((event) => (
            <li key={keyOf(event)} class="hit" aria-current={keyOf(event) === goal}>
              <button type="button" class="hit-open" title={text.searchShow} onClick={() => void go(event)}>
                <span class="who">{event.from}</span>
                <time
                  dateTime={event.time}
                >{`${dayName(event.time, Date.now(), text)}, ${clockTime(event.time, text.tag)}`}</time>
              </button>
              <p class="said">
                <Words text={event.text} wanted={found.words} />
              </p>
            </li>
          ))}
        </ul>
        {found.next !== null && (
          <button type="button" class="button small" onClick={() => void search.more()}>
            {text.searchMore}
          </button>
        )}
      </div>
    </section>
  );
}
