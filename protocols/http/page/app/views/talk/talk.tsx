import { useApp, useText } from "../../app.ts";
import { isChatless, isPrivate, newRoom } from "../../chat/state.ts";
import { takeDropped } from "../../files/take.ts";
import { useStore } from "../../lib/use-store.ts";
import { DropZone } from "../files/drop-zone.tsx";
import { Icon } from "../icon.tsx";
import { Composer } from "./composer.tsx";
import { Log } from "./log.tsx";
import { RoomHeader } from "./room-header.tsx";
import { SearchPanel } from "./search-panel.tsx";

/** The middle of the page: what is said in one room. A file that is dropped here is uploaded, and the room is told. */
export function Talk() {
  const app = useApp();
  const text = useText();
  const active = useStore(app.chat.state, (state) => state.active);
  const room = useStore(app.chat.state, ({ rooms }) => rooms.get(active)) ?? newRoom(active);
  const search = useStore(app.ui, (ui) => ui.search);
  const chatless = useStore(app.chat.state, isChatless);
  if (chatless) {
    return (
      <div class="notice" role="status">
        <Icon name="chat" />
        <p>{text.ended.denied}</p>
      </div>
    );
  }
  const upload = (transfer: DataTransfer) => void takeDropped(app, transfer, active);
  return (
    <DropZone hint={text.dropToShare} onDrop={upload}>
      <RoomHeader key={`head ${active}`} room={room} />
      {search !== null && !isPrivate(active) && <SearchPanel key={active} room={active} words={search} />}
      <Log key={active} room={room} />
      <Composer key={`type ${active}`} room={room} />
    </DropZone>
  );
}
