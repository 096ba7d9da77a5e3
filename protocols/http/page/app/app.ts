import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "./chat/client.ts";
import type { FilesBrowser } from "./files/browser.ts";
import type { Entry } from "./files/entry.ts";
import type { UploadQueue } from "./files/upload/queue.ts";
import type { Account } from "./lib/account.ts";
import type { Store } from "./lib/store.ts";
import { useStore } from "./lib/use-store.ts";
import type { Settings } from "./settings.ts";
import { textsIn } from "./text/language.ts";
import type { Strings } from "./text/strings.ts";

/** What lies over the page. */
export type Dialog =
  | { readonly kind: "preview" | "share" | "actions"; readonly path: string; readonly entry: Entry }
  | { readonly kind: "login" };

/** What is open on the page. */
export interface Ui {
  /** Which of the three parts a narrow screen shows. */
  readonly tab: "rooms" | "chat" | "files";
  readonly dialog: Dialog | null;
  /** The words of the search; null while it is closed. */
  readonly search: string | null;
}

/** Everything the views work with. */
export interface App {
  readonly root: string;
  readonly chat: Chat;
  readonly browser: FilesBrowser;
  readonly uploads: UploadQueue;
  readonly account: Account;
  readonly settings: Settings;
  readonly ui: Store<Ui>;
  /** Somebody looks at the newest messages. */
  readonly isAttentive: () => boolean;
  /** The newest messages are in view; whoever sets it brings them there. */
  readonly atBottom: Store<boolean>;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("there is no app around this view");
  return app;
}

/** The texts in the language that is chosen. */
export function useText(): Strings {
  return textsIn(useStore(useApp().settings.language));
}

/** Opens something over the page, or closes what is open. */
export function showDialog({ ui }: App, dialog: Dialog | null): void {
  ui.update((now) => ({ ...now, dialog }));
}

/** On a narrow screen: shows this part. */
export function showTab({ ui }: App, tab: Ui["tab"]): void {
  ui.update((now) => ({ ...now, tab }));
}
