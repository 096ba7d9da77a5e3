import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { showTab, useApp, useText } from "../../app.ts";
import { isPrivate, LOBBY, type Room } from "../../chat/state.ts";
import { tellProblem } from "../../chat/tell-problem.ts";
import { useStore } from "../../lib/use-store.ts";
import { Avatar } from "../avatar.tsx";
import { IconButton } from "../icon-button.tsx";
import { InlineForm } from "../inline-form.tsx";
import { OtherRooms } from "./other-rooms.tsx";

/** The rooms this user is in and the conversations with single people, with marks for what is unread. */
export function RoomList() {
  const app = useApp();
  const text = useText();
  const rooms = useStore(app.chat.state, (state) => state.rooms);
  const active = useStore(app.chat.state, (state) => state.active);
  const [joining, setJoining] = useState(false);
  const join = async (room: string) => {
    await app.chat.join(room.startsWith("#") ? room : `#${room}`);
    setJoining(false);
    showTab(app, "chat");
  };
  return (
    <section class="list" aria-labelledby="rooms-title">
      <header class="list-head">
        <h2 id="rooms-title">{text.rooms}</h2>
        <IconButton icon="plus" label={text.joinRoom} onClick={() => setJoining(true)} />
      </header>
      {joining && (
        <>
          <InlineForm
            label={text.roomName}
            placeholder="#"
            action={text.join}
            onSubmit={join}
            onCancel={() => setJoining(false)}
          />
          <OtherRooms join={join} />
        </>
      )}
      <ul>
        {[...rooms.values()].map((room) => (
          <RoomEntry key={room.id} room={room} isActive={room.id === active} />
        ))}
      </ul>
    </section>
  );
}

function RoomEntry({ room, isActive }: { readonly room: Room; readonly isActive: boolean }) {
  const app = useApp();
  const text = useText();
  const { id, unread, called } = room;
  const name = id.slice(1);
  const row = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  const open = () => {
    app.chat.show(id);
    showTab(app, "chat");
  };
  return (
    <li ref={row} class="entry" data-unread={unread > 0}>
      <button type="button" class="entry-main" aria-current={isActive ? "true" : undefined} onClick={open}>
        {isPrivate(id) ? (
          <Avatar name={name} />
        ) : (
          <span class="hash" aria-hidden="true">
            #
          </span>
        )}
        <span class="entry-name">
          <span class="sr-only">{isPrivate(id) ? "" : "#"}</span>
          {name}
        </span>
        {unread > 0 && (
          <span class="badge" data-called={called}>
            <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
            <span class="sr-only">{called ? `${text.unread(unread)}, ${text.called}` : text.unread(unread)}</span>
          </span>
        )}
      </button>
      {id !== LOBBY && (
        <IconButton
          icon="close"
          label={isPrivate(id) ? text.closeTalk(name) : text.leaveRoom(id)}
          onClick={() => void app.chat.part(id).catch((error: unknown) => tellProblem(app, error))}
        />
      )}
    </li>
  );
}
