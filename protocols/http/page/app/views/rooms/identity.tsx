import { useState } from "preact/hooks";
import { showDialog, useApp, useText } from "../../app.ts";
import { isGuest } from "../../chat/own-lines.ts";
import { tellProblem } from "../../chat/tell-problem.ts";
import { nobody } from "../../lib/me.ts";
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
  const accountWords = me.user === null ? "" : text.loggedInAs(me.user);
  const tell = (error: unknown) => tellProblem(app, error);
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
        <span class="entry-main">{accountWords}</span>
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
            <span class="muted" title={accountWords}>
              {accountWords !== "" ? accountWords : isGuest(name) ? text.chooseName : text.changeNameShort}
            </span>
          </span>
        </button>
      )}
      {me.user !== null && (
        <IconButton icon="logOut" label={text.logOut} onClick={() => void app.account.logOut().catch(tell)} />
      )}
      {me !== nobody && me.user === null && (
        <IconButton icon="key" label={text.logIn} onClick={() => showDialog(app, { kind: "login" })} />
      )}
    </footer>
  );
}
