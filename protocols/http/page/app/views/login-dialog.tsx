import { useState } from "preact/hooks";
import { useApp, useText } from "../app.ts";
import { problemText } from "../lib/problem-text.ts";
import { secureUrl } from "../lib/urls.ts";
import { DialogBox } from "./dialog.tsx";
import { Words } from "./talk/words.tsx";

/** Name and password of an account. */
export function LoginDialog({ onClose }: { readonly onClose: () => void }) {
  const { account, root } = useApp();
  const text = useText();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      await account.logIn(String(fields.get("user")), String(fields.get("password")));
      onClose();
    } catch (error) {
      setProblem(problemText(error, text));
      setBusy(false);
    }
  };
  const { login, httpsPort } = account.me.value;
  if (!login) {
    return (
      <DialogBox title={text.logIn} class="narrow" onClose={onClose}>
        <p>{text.plainLogin}</p>
        <p>
          {httpsPort === null ? (
            text.noHttps
          ) : (
            <>
              {text.logInThere} <Words text={secureUrl(root, httpsPort)} />
            </>
          )}
        </p>
      </DialogBox>
    );
  }
  return (
    <DialogBox title={text.logIn} class="narrow" onClose={onClose}>
      <form class="fields" onSubmit={submit}>
        <label>
          {text.user}
          <input
            name="user"
            defaultValue={account.ended.value ?? ""}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </label>
        <label>
          {text.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {problem !== "" && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="button primary" disabled={busy}>
          {text.logIn}
        </button>
      </form>
    </DialogBox>
  );
}
