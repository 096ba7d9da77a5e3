import { httpError } from "./http-error.ts";
import { type Me, type MeAnswer, nobody, readMe } from "./me.ts";
import { Store } from "./store.ts";

/** Who this is to the server, by the cookie that a login has set. */
export class Account {
  readonly me = new Store<Me>(nobody);

  /** @param changed is told after a login and after its end */
  constructor(
    private readonly root: string,
    private readonly changed: () => void,
  ) {}

  /** Asks anew; what cannot be asked stays as it was known. */
  async refresh(): Promise<void> {
    const answer = await fetch(`${this.root}api/me`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok === true) this.me.set(readMe((await answer.json()) as MeAnswer));
  }

  /** @throws HttpError when name or password is wrong */
  async logIn(user: string, password: string): Promise<void> {
    await this.#post("login", { user, password });
  }

  async logOut(): Promise<void> {
    await this.#post("logout", {});
  }

  async #post(what: string, body: object): Promise<void> {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const answer = await fetch(`${this.root}api/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw httpError(answer.status, await answer.json().catch(() => null));
    await this.refresh();
    this.changed();
  }
}
