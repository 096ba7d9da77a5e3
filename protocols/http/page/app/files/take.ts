import type { App } from "../app.ts";
import { isPrivate } from "../chat/state.ts";
import { HttpError } from "../lib/http-error.ts";
import { fileUrl, rootForOthers } from "../lib/urls.ts";
import { textsIn } from "../text/language.ts";
import { inShare, join } from "./paths.ts";

/** A file and the folders that it was dropped in, outermost first. */
interface Dropped {
  readonly file: File;
  readonly folders: readonly string[];
}

/** Of more files that come together the room is told once. */
const MOST_TOLD = 5;

/** Uploads what was dropped or pasted into the folder that is shown. @param room is told of each file when it is there */
export async function uploadAll(app: App, transfer: DataTransfer, room: string | null): Promise<void> {
  // The entries are gone after the first await.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files];
  const dropped = entries.some((entry) => entry?.isDirectory)
    ? (await Promise.all(entries.filter((entry) => entry !== null).map((entry) => unpack(entry, [])))).flat()
    : plain.map((file) => ({ file: named(file), folders: [] }));
  await upload(app, dropped, room);
}

/** Lets the user choose files and uploads them. */
export function chooseAndUpload(app: App, room: string | null): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.onchange = () => {
    const files = [...(input.files ?? [])];
    void upload(
      app,
      files.map((file) => ({ file, folders: [] })),
      room,
    );
  };
  input.click();
}

async function upload(app: App, dropped: readonly Dropped[], room: string | null): Promise<void> {
  const { browser, uploads, account, chat, settings } = app;
  const text = textsIn(settings.language.value);
  if (!account.me.value.may.upload) {
    chat.note(
      chat.state.value.active,
      account.me.value.user === null ? text.mayNotUploadYet : text.mayNotUpload,
      "bad",
    );
    return;
  }
  const base = browser.shown.value.path;
  const made = new Set<string>();
  const ids = new Set<number>();
  const isMany = dropped.length > MOST_TOLD;
  for (const { file, folders } of dropped) {
    let folder = base;
    for (const name of folders) {
      folder = join(folder, name.normalize("NFC"));
      if (!made.has(folder)) await makeFolder(app, folder);
      made.add(folder);
    }
    ids.add(uploads.add(file, folder, isMany ? null : room));
  }
  if (isMany && room !== null) tellWhenDone(app, ids, base, room);
}

/** Tells the room of many files at once, when the last of them is there. */
function tellWhenDone(app: App, ids: ReadonlySet<number>, folder: string, room: string): void {
  const { uploads, chat, settings, root, account } = app;
  const end = uploads.uploads.watch(() => {
    const left = uploads.uploads.value.filter(({ id }) => ids.has(id));
    if (left.some(({ state }) => state !== "done")) return;
    end();
    const shared = inShare(account.me.value.home, folder);
    const url = fileUrl(rootForOthers(root, account.me.value.addresses), shared === "/" ? "/" : `${shared}/`);
    const said = textsIn(settings.language.value).filesSaid(left.length, url);
    if (left.length > 0) chat.outbox.say(room, isPrivate(room) ? "tell" : "say", said);
  });
}

async function makeFolder({ browser }: App, path: string): Promise<void> {
  try {
    await browser.api.makeFolder(path);
  } catch (error) {
    // It is there already; whatever else is wrong, the uploads into it say so themselves.
    if (!(error instanceof HttpError)) throw error;
  }
}

async function unpack(entry: FileSystemEntry, folders: readonly string[]): Promise<readonly Dropped[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, folders }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    // It hands out at most 100 at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((one) => unpack(one, [...folders, entry.name])))).flat();
}

/** Pasted pictures are all called `image.png`; the time tells them apart. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const time = new Date(file.lastModified).toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], file.name.replace("image", `image ${time}`), {
    type: file.type,
    lastModified: file.lastModified,
  });
}
