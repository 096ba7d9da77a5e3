import { useEffect, useRef, useState } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { hides } from "../../chat/ignored.ts";
import type { RoomEvent } from "../../chat/wire.ts";
import { problemText } from "../../lib/problem-text.ts";
import { clockTime, dayName } from "../../lib/times.ts";
import { IconButton } from "../icon-button.tsx";
import { useKeptFocus } from "../keep-focus.ts";
import { Words } from "./words.tsx";

/** Typing is over. */
const SETTLE_MS = 250;
const PAGE = 30;

interface Found {
  readonly words: string;
  readonly events: readonly RoomEvent[];
  readonly next: number | null;
  readonly problem: string;
}

const nothing: Found = { words: "", events: [], next: null, problem: "" };

/** Searches the room's kept history, newest first. */
export function SearchPanel({ room, words }: { readonly room: string; readonly words: string }) {
  const { chat, ui } = useApp();
  const text = useText();
  const panel = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useKeptFocus(panel);
  const [found, setFound] = useState<Found>(nothing);
  const setWords = (search: string | null) => ui.update((now) => ({ ...now, search }));
  const fetchFound = async (before: Found | null) => {
    const range = before?.next == null ? {} : { before: before.next };
    try {
      const page = await chat.ask("search", { room, text: words, limit: PAGE, ...range });
      setFound({ words, events: [...(before?.events ?? []), ...page.events], next: page.next, problem: "" });
    } catch (error) {
      setFound({ ...nothing, words, problem: problemText(error, text) });
    }
  };
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (words.trim() === "") {
      setFound(nothing);
      return;
    }
    const timer = setTimeout(() => void fetchFound(null), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const shown = found.events.filter((event) => !hides(chat.state.value.ignored, event));
  return (
    <section
      ref={panel}
      class="search"
      aria-label={text.searchIn(room)}
      onKeyDown={({ key }) => key === "Escape" && setWords(null)}
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
      <div class="search-found" role="status">
        {found.problem !== "" && <p class="problem">{found.problem}</p>}
        {found.words !== "" && found.events.length === 0 && found.problem === "" && (
          <p class="muted">{text.searchNothing}</p>
        )}
        <ul>
          {shown.map((event) => (
            <li key={`${event.epoch}:${event.seq}`} class="hit">
              <span class="who">{event.from}</span>
              <time
                dateTime={event.time}
              >{`${dayName(event.time, Date.now(), text)}, ${clockTime(event.time, text.tag)}`}</time>
              <p class="said">
                <Words text={event.text} />
              </p>
            </li>
          ))}
        </ul>
        {found.next !== null && (
          <button type="button" class="button small" onClick={() => void fetchFound(found)}>
            {text.searchMore}
          </button>
        )}
      </div>
    </section>
  );
}
