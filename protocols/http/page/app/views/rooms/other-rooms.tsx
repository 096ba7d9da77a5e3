import { useEffect, useState } from "preact/hooks";
import { useApp, useText } from "../../app.ts";
import { ignoreEnds } from "../../chat/endings.ts";
import { tellProblem } from "../../chat/tell-problem.ts";
import type { RoomState } from "../../chat/wire.ts";
import { useStore } from "../../lib/use-store.ts";

/** More would hide the people; the rest is known to /rooms. */
const MOST = 20;

/** Rooms that are there and this user is not in, those with the most people first. */
export function OtherRooms({ join }: { readonly join: (room: string) => Promise<void> }) {
  const app = useApp();
  const { chat } = app;
  const text = useText();
  const mine = useStore(chat.state, ({ rooms }) => rooms);
  const [rooms, setRooms] = useState<readonly RoomState[]>([]);
  useEffect(() => {
    chat
      .ask("rooms", {})
      .then((answer) => setRooms(answer.rooms))
      .catch(ignoreEnds);
  }, []);
  const others = rooms
    .filter(({ room }) => !mine.has(room))
    .toSorted((a, b) => b.members - a.members)
    .slice(0, MOST);
  return (
    <ul class="other-rooms">
      {others.map(({ room, topic = "", members }) => (
        <li key={room} class="entry">
          <button
            type="button"
            class="entry-main"
            title={topic}
            onClick={() => void join(room).catch((error: unknown) => tellProblem(app, error))}
          >
            <span class="hash" aria-hidden="true">
              #
            </span>
            <span class="entry-name">
              <span class="sr-only">#</span>
              {room.slice(1)}
            </span>
            {members > 0 && <span class="muted">{text.members(members)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
