import { useEffect, useState } from "preact/hooks";
import { showDialog, useApp, useText } from "../app.ts";
import { isLoginEnded, type Status } from "../chat/state.ts";
import { useStore } from "../lib/use-store.ts";
import type { Strings } from "../text/strings.ts";
import { Icon } from "./icon.tsx";

/** The good news stays long enough to be read. */
const GOOD_NEWS_MS = 4_000;

/** Says how the connection is, while there is something to say. Screen readers hear it too. */
export function StatusLine() {
  const app = useApp();
  const { chat, account } = app;
  const text = useText();
  const status = useStore(chat.state, (state) => state.status);
  const missed = useStore(chat.state, (state) => state.missed);
  const wasAway = useWasAway(status);
  const seconds = useSecondsUntil(status.kind === "offline" ? status.retryAt : 0);
  const ended = useStore(account.ended);
  const isPutOut = isLoginEnded(status);
  const isLoggedOut = isPutOut || (ended !== null && (status.kind === "online" || status.kind === "connecting"));
  const said = isLoggedOut && ended !== null ? text.loggedOut(ended) : wordsFor(status, wasAway, missed, text);
  return (
    <div class="status" data-kind={isLoggedOut ? "ended" : status.kind} hidden={said === ""}>
      {/* The seconds are not read aloud one by one. */}
      <p role="status" aria-live="polite">
        {isLoggedOut && <Icon name="alert" />}
        {!isLoggedOut && status.kind === "online" && said !== "" && <Icon name="check" />}
        {!isLoggedOut && status.kind !== "online" && status.kind !== "connecting" && <Icon name="alert" />}
        {said}
      </p>
      {isLoggedOut && (
        <>
          <button type="button" class="button small" onClick={() => showDialog(app, { kind: "login" })}>
            {text.logIn}
          </button>
          <button type="button" class="button small" onClick={() => account.forget()}>
            {text.goOnWithout}
          </button>
        </>
      )}
      {status.kind === "offline" && (
        <>
          <span class="seconds" aria-hidden="true">
            {text.tryingIn(seconds)}
          </span>
          <button type="button" class="button small" onClick={() => chat.connect()}>
            {text.tryNow}
          </button>
        </>
      )}
      {status.kind === "ended" && !isPutOut && (
        <button type="button" class="button small" onClick={() => chat.connect()}>
          {status.reason === "replaced" ? text.goOnHere : text.comeBack}
        </button>
      )}
    </div>
  );
}

function wordsFor(status: Status, wasAway: boolean, missed: boolean, text: Strings): string {
  if (status.kind === "connecting") return wasAway ? text.connecting : "";
  if (status.kind === "online") return wasAway ? (missed ? text.backWithGap : text.backOnline) : "";
  if (status.kind === "offline") return status.text === "" ? text.offline : text.because(text.offline, status.text);
  const known: Readonly<Record<string, string>> = text.ended;
  return text.because(known[status.reason] ?? text.ended.other, status.text);
}

/** Whether the connection was lost before, until a while after it came back. */
function useWasAway({ kind }: Status): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (kind === "offline" || kind === "ended") setAway(true);
    if (kind !== "online") return;
    const timer = setTimeout(() => setAway(false), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [kind]);
  return away;
}

function useSecondsUntil(time: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (time === 0) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return Math.max(0, Math.ceil((time - now) / 1000));
}
