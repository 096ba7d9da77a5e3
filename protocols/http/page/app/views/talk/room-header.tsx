import { useState } from "preact/hooks";
import { escapeText } from "../../../../../../src/bytes/text.ts";
import { useApp, useText } from "../../app.ts";
import { isPrivate, type Room } from "../../chat/state.ts";
import { useStore } from "../../lib/use-store.ts";
import { IconButton } from "../icon-button.tsx";
import { InlineForm } from "../inline-form.tsx";

/** Which room this is and what it is about; a click on the topic sets another. */
export function RoomHeader({ room }: { readonly room: Room }) {
  const { chat, ui, account } = useApp();
  const text = useText();
  const [editing, setEditing] = useState(false);
  const search = useStore(ui, (now) => now.search);
  const canSearch = useStore(account.me, (me) => me.search);
  const alone = isPrivate(room.id);
  const name = room.id.slice(1);
  const setTopic = async (topic: string) => {
    await chat.setTopic(room.id, topic);
    setEditing(false);
  };
  const toggleSearch = () => ui.update((now) => ({ ...now, search: now.search === null ? "" : null }));
  return (
    <header class="room-head">
      <div class="room-words">
        <h2>{alone ? name : room.id}</h2>
        {alone && <p class="muted">{text.privateWith(name)}</p>}
        {!alone && editing && (
          <InlineForm
            label={text.topicOf(room.id)}
            value={room.topic}
            action={text.save}
            mayBeEmpty
            onSubmit={setTopic}
            onCancel={() => setEditing(false)}
          />
        )}
        {!alone && !editing && (
          <button type="button" class="topic" title={text.setTopic} onClick={() => setEditing(true)}>
            {room.topic === "" ? <span class="muted">{text.setTopic}</span> : escapeText(room.topic)}
          </button>
        )}
      </div>
      {!alone && canSearch && (
        <IconButton
          icon="search"
          label={text.searchIn(room.id)}
          aria-expanded={search !== null}
          onClick={toggleSearch}
        />
      )}
    </header>
  );
}
