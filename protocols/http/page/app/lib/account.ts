import { ask } from "./ask.ts";
import { type Me, type MeAnswer, nobody, readMe } from "./me.ts";
import { Store } from "./store.ts";

/** What a browser remembers of logins: its cookie tells the page nothing. */
export interface AccountMemory {
  /** Who has logged in here and not out; null: nobody. */
  account: string | null;
}

/** Who this is to the server, by the cookie that a login has set. */
export class Account {
  readonly me = new Store<Me>(nobody);
  /** Whose login the server does not know any more, without anybody having ended it; null: nobody's. */
  readonly ended = new Store<string | null>(null);
  #asking: Promise<void> | null = null;

  /** @param changed is told after a login and after its end */
  constructor(
    private readonly root: string,
    private readonly memory: AccountMemory,
    private readonly changed: () => void,
  ) {}

  /** Asks anew; what cannot be asked stays as it was known. */
  refresh(): Promise<void> {
    const asking: Promise<void> = this.#asking ?? this.#ask().then((me) => this.#answered(me, asking));
    this.#asking = asking;
    return asking;
  }

  /** @throws HttpError when name or password is wrong; NoAnswer */
  async logIn(user: string, password: string): Promise<void> {
    await this.#post("login", { user, password }, user);
  }

  async logOut(): Promise<void> {
    await this.#post("logout", {}, null);
  }

  /** Somebody has logged in or out in another tab of this browser. */
  async changedElsewhere(): Promise<void> {
    const { user } = this.me.value;
    this.#asking = null;
    await this.refresh();
    if (this.me.value.user !== user) this.changed();
  }

  /** Goes on without the login that has ended. */
  forget(): void {
    this.memory.account = null;
    this.ended.set(null);
    this.changed();
  }

  async #ask(): Promise<Me | null> {
    try {
      const answer = await ask(`${this.root}api/me`);
      return readMe((await answer.json()) as MeAnswer);
    } catch {
      // Nobody answers, it breaks off, or a proxy in between answers with a page of its own.
      return null;
    }
  }

  #answered(me: Me | null, asking: Promise<void>): void {
    // A login came in between: this says who it was before.
    if (this.#asking !== asking) return;
    this.#asking = null;
    if (me === null) return;
    const { account } = this.memory;
    this.ended.set(me.user === null ? account : null);
    if (me.user !== null) this.memory.account = me.user;
    this.me.set(me);
  }

  async #post(what: string, body: object, account: string | null): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    await ask(`${this.root}api/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
    this.memory.account = account;
    this.#asking = null;
    await this.refresh();
    this.changed();
  }
}
