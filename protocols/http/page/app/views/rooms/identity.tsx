import { useState } from "preact/hooks";
import { showDialog, useApp, useText } from "../../app.ts";
import { useStore } from "../../lib/use-store.ts";
import { Avatar } from "../avatar.tsx";
import { IconButton } from "../icon-button.tsx";
import { InlineForm } from "../inline-form.tsx";

/** Who this user is: the name, which a click changes, and the account. */
export function Identity() {
  const app = useApp();
  const text = useText();
  const name = useStore(app.chat.state, (state) => state.name);
  const me = useStore(app.account.me);
  const [editing, setEditing] = useState(false);
  const rename = async (wanted: string) => {
    await app.chat.rename(wanted);
    setEditing(false);
  };
  if (editing && name !== null) {
    return (
      <footer class="identity">
        <InlineForm
          label={text.yourName}
          value={name}
          action={text.save}
          onSubmit={rename}
          onCancel={() => setEditing(false)}
        />
      </footer>
    );
  }
  return (
    <footer class="identity">
      {name === null ? (
        <span class="entry-main">{me.user !== null && text.loggedInAs(me.user)}</span>
      ) : (
        <button
          type="button"
          class="entry-main own-name"
          title={text.changeName(name)}
          onClick={() => setEditing(true)}
        >
          <Avatar name={name} />
          <span class="own-words">
            <span class="entry-name">{name}</span>
            <span class="muted">{me.user === null ? text.chooseName : text.loggedInAs(me.user)}</span>
          </span>
        </button>
      )}
      {me.user !== null && (
        <button type="button" class="button small quiet" onClick={() => void app.account.logOut().catch(() => {})}>
          {text.logOut}
        </button>
      )}
      {me.user === null && me.login && (
        <IconButton icon="key" label={text.logIn} onClick={() => showDialog(app, { kind: "login" })} />
      )}
    </footer>
  );
}
