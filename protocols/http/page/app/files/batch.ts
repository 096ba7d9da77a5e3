import type { Chat } from "../chat/client.ts";
import { isPrivate } from "../chat/state.ts";
import { type ProblemHost, tellProblem } from "../chat/tell-problem.ts";
import type { Account } from "../lib/account.ts";
import { HttpError } from "../lib/http-error.ts";
import { fileUrl, rootForOthers } from "../lib/urls.ts";
import { textsIn } from "../text/language.ts";
import type { FilesBrowser } from "./browser.ts";
import { inShare, join } from "./paths.ts";
import type { UploadQueue } from "./upload/queue.ts";

/** A file and the folders that it was dropped in, outermost first; without a file: the last of these is empty. */
export interface Dropped {
  readonly file: File | null;
  readonly folders: readonly string[];
}

/** What of the page has to do with files that are taken. */
export interface BatchHost extends ProblemHost {
  readonly root: string;
  readonly account: Pick<Account, "me">;
  readonly browser: Pick<FilesBrowser, "shown" | "api">;
  readonly chat: Pick<Chat, "state" | "note" | "outbox">;
  readonly uploads: Pick<UploadQueue, "uploads" | "add">;
}

/** Of more files that come together the room is told once. */
const MOST_TOLD = 5;

/**
 * Uploads files into the folder that is shown, with the folders around them. Where one of those cannot be asked for, this
 * user is told so, and what is left is not begun. Never rejects.
 * @param room is told of each file when it is there, or of many at once
 */
export async function uploadAll(host: BatchHost, dropped: readonly Dropped[], room: string | null): Promise<void> {
  const { browser, account, chat } = host;
  const { may, user } = account.me.value;
  if (!may.upload) {
    const text = textOf(host);
    chat.note(chat.state.value.active, user === null ? text.mayNotUploadYet : text.mayNotUpload, "bad");
    return;
  }
  const base = browser.shown.value.path;
  const isMany = dropped.filter(({ file }) => file !== null).length > MOST_TOLD;
  const ids = new Set<number>();
  try {
    await addAll(host, dropped, base, (file, folder) => {
      ids.add(host.uploads.add(file, folder, isMany ? null : room));
    });
  } catch (error) {
    tellProblem(host, error);
  }
  if (isMany && room !== null) tellWhenDone(host, ids, base, room);
}

async function addAll(
  host: BatchHost,
  dropped: readonly Dropped[],
  base: string,
  add: (file: File, folder: string) => void,
): Promise<void> {
  const made = new Set<string>();
  for (const { file, folders } of dropped) {
    let folder = base;
    for (const name of folders) {
      folder = join(folder, name.normalize("NFC"));
      if (made.has(folder)) continue;
      const problem = await makeFolder(host.browser, folder);
      // Whatever is wrong, uploads into it say so themselves.
      if (file === null && problem !== null && problem.code !== "exists") tellProblem(host, problem);
      made.add(folder);
    }
    if (file !== null) add(file, folder);
  }
}

/** Null: there was none, and it is made. */
async function makeFolder({ api }: BatchHost["browser"], path: string): Promise<HttpError | null> {
  try {
    await api.makeFolder(path);
    return null;
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

/** Tells the room of many files at once, when each of them is there or given up. */
function tellWhenDone(host: BatchHost, ids: ReadonlySet<number>, folder: string, room: string): void {
  const { uploads, chat, root, account } = host;
  const awaited = new Set(ids);
  let there = 0;
  const end = uploads.uploads.watch(() => {
    const states = new Map(uploads.uploads.value.map(({ id, state }) => [id, state]));
    for (const id of awaited) {
      const state = states.get(id);
      if (state === "done") there += 1;
      if (state === "done" || state === undefined) awaited.delete(id);
    }
    if (awaited.size > 0) return;
    end();
    const shared = inShare(account.me.value.home, folder);
    const url = fileUrl(rootForOthers(root, account.me.value.addresses), shared === "/" ? "/" : `${shared}/`);
    const said = textOf(host).filesSaid(there, url);
    if (there > 0) chat.outbox.say(room, isPrivate(room) ? "tell" : "say", said);
  });
}

function textOf({ settings }: BatchHost) {
  return textsIn(settings.language.value);
}
