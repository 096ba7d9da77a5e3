import type { App, Ui } from "./app.ts";
import { Chat } from "./chat/client.ts";
import type { Memory } from "./chat/memory.ts";
import type { GuestSince } from "./chat/own-lines.ts";
import { type ChatState, initialChat, isPrivate, LOBBY } from "./chat/state.ts";
import { FilesApi } from "./files/api.ts";
import { FilesBrowser } from "./files/browser.ts";
import { inShare, nameOf } from "./files/paths.ts";
import { Hasher } from "./files/upload/hasher.ts";
import { UploadQueue } from "./files/upload/queue.ts";
import { isAnnounced, type Remembered } from "./files/upload/upload.ts";
import { xhrPut } from "./files/upload/xhr-put.ts";
import { Account, type AccountMemory } from "./lib/account.ts";
import { formatSize } from "./lib/amounts.ts";
import { dialer } from "./lib/dial.ts";
import { SocketTrouble } from "./lib/explain.ts";
import { nobody } from "./lib/me.ts";
import { after, Pauses } from "./lib/pauses.ts";
import type { Place } from "./lib/place.ts";
import { problemText } from "./lib/problem-text.ts";
import { Store } from "./lib/store.ts";
import { hashThread } from "./lib/thread.ts";
import { fileUrl, rootForOthers } from "./lib/urls.ts";
import { recall, remember, Settings } from "./settings.ts";
import { textsIn } from "./text/language.ts";

/** All three parts of the page are in view: the opposite of the narrow screens in shell.css. */
const WIDE = "(min-width: 50.01rem)";

/** Puts the page's parts together. Nothing is drawn and nothing connected yet. */
export function createApp({ root, worker }: Place): App {
  const settings = new Settings(navigator.languages);
  const text = () => textsIn(settings.language.value);
  const ui = new Store<Ui>({ tab: "chat", dialog: null, search: null });
  const atBottom = new Store(true);
  const isAttentive = () => {
    const isShown = ui.value.tab === "chat" || matchMedia(WIDE).matches;
    return isShown && document.visibilityState === "visible" && atBottom.value;
  };
  const pauses = new Pauses();
  const remembered = memory();
  const api = new FilesApi(
    root,
    () => ({ session: remembered.session, user: account.me.value.user }),
    () => void account.refresh(),
  );
  const watch = (path: string, before: string | null) => {
    // Refused where one may not look, and by itself over where there is no connection.
    if (before !== null) void chat.ask("unwatch", { path: before }).catch(() => {});
    void chat.ask("watch", { path }).catch(() => {});
  };
  const browser = new FilesBrowser(api, watch, () => (account.me.value === nobody ? null : account.me.value.files));
  // Who logs in is somebody else to the chat, too.
  const account: Account = new Account(root, accountMemory, () => {
    // Also after the page goes on without a login that has ended.
    void chat.logIn(account.me.value.user);
    uploads.userChanged();
    chat.connect();
  });
  account.me.watch(() => {
    browser.refresh();
    uploads.userChanged();
    // Who is to log in again keeps the name meanwhile.
    if (account.ended.value === null) void chat.logIn(account.me.value.user);
  });
  const trouble = new SocketTrouble(`${root}ws`);
  const chat: Chat = new Chat({
    state: new Store<ChatState>({ ...initialChat, active: shownBefore() }),
    memory: remembered,
    dial: dialer(root),
    after,
    now: Date.now,
    unsure: () => text().unsure,
    explain: async () => {
      const error = await trouble.why();
      return error === null ? "" : problemText(error, text());
    },
    attentive: isAttentive,
    onFiles: (event) => browser.heard(event),
    onOnline: () => {
      pauses.end();
      // What this user may do can be another with every start of the server.
      void account.refresh();
    },
    onLoginEnded: () => void account.refresh(),
  });
  rememberShown(chat.state);
  const uploads: UploadQueue = new UploadQueue({
    put: xhrPut(root, () => remembered.session),
    hasher: new Hasher(() => hashThread(worker)),
    pause: async (ms, signal) => {
      await pauses.pause(ms, signal);
      // Whatever was away may have forgotten the login: nothing goes on as somebody else.
      await account.refresh();
      signal.throwIfAborted();
    },
    user: () => (account.me.value === nobody ? undefined : account.me.value.user),
    onLoginEnded: () => void account.refresh(),
    statOf: (path) =>
      chat.ask("stat", { path }).then(
        ({ entry }) => entry,
        () => null,
      ),
    hashOf: (path) =>
      chat.ask("hash", { path }).then(
        ({ sha256 }) => sha256,
        () => null,
      ),
    load: () => asRemembered(recall("uploads")),
    save: (unfinished) => remember("uploads", unfinished),
    problems: () => ({ ...text(), refused: (error) => problemText(error, text()) }),
    onDone: (upload) => {
      const { path, size, room } = upload;
      browser.changed();
      const { home, announce, addresses } = account.me.value;
      if (room === null || (announce && isAnnounced(upload))) return;
      const said = text().fileSaid(
        nameOf(path),
        formatSize(size, "en"),
        fileUrl(rootForOthers(root, addresses), inShare(home, path)),
      );
      chat.outbox.say(room, room.startsWith("#") ? "say" : "tell", said);
    },
  });
  return { root, chat, browser, uploads, account, settings, ui, isAttentive, atBottom };
}

const accountMemory: AccountMemory = {
  get account() {
    const account = recall("account");
    return typeof account === "string" ? account : null;
  },
  set account(account) {
    remember("account", account);
  },
};

const tab = () => sessionStorage;

/** The room that this tab showed before it was loaded anew. */
function shownBefore(): string {
  const shown = recall("shown", tab);
  return typeof shown === "string" ? shown : LOBBY;
}

/** Private talk is not: it is forgotten when the page goes. */
function rememberShown(state: Store<ChatState>): void {
  let shown = state.value.active;
  state.watch(() => {
    const { active } = state.value;
    if (active === shown || isPrivate(active)) return;
    shown = active;
    remember("shown", active, tab);
  });
}

/** The name and the rooms belong to the browser, the session to its tab: two tabs are two members. */
function memory(): Memory {
  const text = (stored: unknown) => (typeof stored === "string" ? stored : null);
  return {
    get name() {
      return text(recall("name"));
    },
    set name(name) {
      remember("name", name);
    },
    get rooms() {
      const rooms = recall("rooms");
      return Array.isArray(rooms) && rooms.length > 0 ? rooms.map(String) : [LOBBY];
    },
    set rooms(rooms) {
      remember("rooms", rooms);
    },
    get session() {
      return text(recall("session", tab));
    },
    set session(session) {
      remember("session", session, tab);
    },
    get guestSince() {
      return (recall("guestSince", tab) ?? {}) as GuestSince;
    },
    set guestSince(since) {
      remember("guestSince", since, tab);
    },
  };
}

function asRemembered(stored: unknown): readonly Remembered[] {
  return Array.isArray(stored) ? stored.map((one: Remembered) => ({ ...one, user: one.user ?? null })) : [];
}
