import { useMemo, useRef } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { withoutIgnored } from "../../chat/ignored.ts";
import { rowsOf } from "../../chat/rows.ts";
import { isPrivate, type Room, titleOf } from "../../chat/state.ts";
import { useStore } from "../../lib/use-store.ts";
import { Icon } from "../icon.tsx";
import { OutgoingLines } from "./outgoing.tsx";
import { RowView } from "./row.tsx";
import { useScroll } from "./use-scroll.ts";

/** Everything that was said, the newest at the bottom; older is fetched when one scrolls up to it. */
export function Log({ room }: { readonly room: Room }) {
  const { chat, atBottom } = useApp();
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  const isAtBottom = useStore(atBottom);
  const ignored = useStore(chat.state, (state) => state.ignored);
  const { items } = room.past ?? room.timeline;
  const goal = room.goal?.key ?? null;
  const rows = useMemo(() => rowsOf(withoutIgnored(items, ignored), room.newFrom), [items, ignored, room.newFrom]);
  const { ways, jump } = useScroll(box, room, {
    atBottom,
    wantOlder: () => void (room.past === null ? chat : chat.past).older(room.id),
    wantNewer: () => void chat.past.newer(room.id),
    leavePast: () => chat.past.leave(room.id),
  });
  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        role="log"
        aria-label={text.messagesOf(titleOf(room.id))}
        aria-busy={room.loading}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what has the focus
        tabIndex={0}
        {...ways}
      >
        <LogBegin room={room} isEmpty={rows.length === 0 && room.outgoing.length === 0} />
        {rows.map((row) => (
          <RowView key={row.key} row={row} tag={text.tag} goal={goal} />
        ))}
        {room.past === null ? <OutgoingLines room={room} /> : <p class="log-begin muted">{text.loadingNewer}</p>}
      </div>
      {!isAtBottom && (
        <button type="button" class="jump" onClick={jump} title={text.jumpDown}>
          <Icon name="down" />
          {room.unread > 0 ? text.unread(room.unread) : text.jumpDown}
        </button>
      )}
    </div>
  );
}

function LogBegin({ room, isEmpty }: { readonly room: Room; readonly isEmpty: boolean }) {
  const text = useText();
  const { state } = useApp().chat;
  const isOutside = useStore(state, ({ name, rooms }) => name !== null && !rooms.has(room.id));
  const isComing = useStore(state, ({ status }) => status.kind === "connecting");
  if (isOutside) return <p class="log-begin muted">{text.outside(titleOf(room.id))}</p>;
  if ((room.past ?? room).more) return <p class="log-begin muted">{text.loadingOlder}</p>;
  // What was said here is still on its way.
  if (isEmpty && isComing) return <p class="log-begin muted">{text.loading}</p>;
  if (isEmpty)
    return <p class="log-begin muted">{isPrivate(room.id) ? text.privateWith(room.id.slice(1)) : text.noMessages}</p>;
  return isPrivate(room.id) ? null : <p class="log-begin muted">{text.beginning}</p>;
}
