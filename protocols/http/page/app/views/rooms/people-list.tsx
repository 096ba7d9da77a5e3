import { showTab, useApp, useText } from "../../app.ts";
import { isPrivate } from "../../chat/state.ts";
import { useStore } from "../../lib/use-store.ts";
import { Avatar } from "../avatar.tsx";

const nobodyHere: readonly string[] = [];

/** Who is in the room that is shown; a click talks to one of them alone. */
export function PeopleList() {
  const app = useApp();
  const text = useText();
  const active = useStore(app.chat.state, (state) => state.active);
  const members = useStore(app.chat.state, ({ rooms }) => rooms.get(active)?.members ?? nobodyHere);
  const others = useStore(app.chat.state, ({ rooms }) => rooms.get(active)?.others === true);
  const self = useStore(app.chat.state, (state) => state.name);
  if (isPrivate(active)) return null;
  const talkTo = (name: string) => {
    app.chat.show(`@${name}`);
    showTab(app, "chat");
  };
  return (
    <section class="list people" aria-labelledby="people-title">
      <header class="list-head">
        <h2 id="people-title">{text.people}</h2>
        <span class="count">{others ? `${members.length}+` : members.length}</span>
      </header>
      <ul>
        {members.map((name) => (
          <li key={name} class="entry">
            {name === self ? (
              <span class="entry-main">
                <Avatar name={name} />
                <span class="entry-name">{name}</span>
                <span class="muted">{text.you}</span>
              </span>
            ) : (
              <button type="button" class="entry-main" title={text.tellAlone(name)} onClick={() => talkTo(name)}>
                <Avatar name={name} />
                <span class="entry-name">{name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
