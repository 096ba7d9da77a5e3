import type { App } from "../app.ts";
import { tellProblem } from "../chat/tell-problem.ts";
import { type Dropped, uploadAll } from "./batch.ts";
import { parentOf } from "./paths.ts";
import { findLost, type Upload } from "./upload/upload.ts";

/** What browsers call a picture that has no name. */
const PICTURE = /^image\.\w+$/;

/** Uploads what was dropped into the folder that is shown. @param room is told of it when it is there */
export function takeDropped(app: App, transfer: DataTransfer, room: string | null): Promise<void> {
  return take(app, transfer, room, (file) => file);
}

/** Uploads what was pasted, pictures under a name of their own. @param room is told of it when it is there */
export function takePasted(app: App, transfer: DataTransfer, room: string | null): Promise<void> {
  return take(app, transfer, room, named);
}

async function take(
  app: App,
  transfer: DataTransfer,
  room: string | null,
  rename: (file: File) => File,
): Promise<void> {
  // The entries are gone after the first await.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files].map((file) => ({ file: rename(file), folders: [] }));
  try {
    const unpacked = entries.filter((entry) => entry !== null).map((entry) => unpack(entry, []));
    const hasFolders = entries.some((entry) => entry?.isDirectory);
    await uploadAll(app, hasFolders ? (await Promise.all(unpacked)).flat() : plain, room);
  } catch (error) {
    tellProblem(app, error);
  }
}

/** Whether files are pasted, and not a text that an office program gives as a picture of itself, too. */
export function hasFiles(pasted: DataTransfer | null): pasted is DataTransfer {
  if (pasted === null || pasted.files.length === 0) return false;
  return pasted.getData("text/plain") === "" || ![...pasted.files].every(({ name }) => PICTURE.test(name));
}

/** Whether a text is held over a field, which takes it by itself. */
export function isTextForField({ target, dataTransfer }: DragEvent): boolean {
  if (dataTransfer?.types.includes("Files") === true) return false;
  return target instanceof Element && target.closest("textarea, input") !== null;
}

/** Lets the user choose files and uploads them. */
export function chooseAndUpload(app: App, room: string | null): void {
  choose(true, (files) => {
    void uploadAll(
      app,
      files.map((file) => ({ file, folders: [] })),
      room,
    );
  });
}

/** Lets the user choose the file of a lost upload again. @param isOther is told of another file, which goes nowhere */
export function chooseAgain({ uploads }: App, upload: Upload, isOther: () => void): void {
  choose(false, ([file]) => {
    if (file === undefined) return;
    if (findLost([upload], file) === null) isOther();
    else uploads.add(file, parentOf(upload.path), upload.room);
  });
}

function choose(multiple: boolean, taken: (files: readonly File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = multiple;
  input.onchange = () => taken([...(input.files ?? [])]);
  input.click();
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
  if (found.length === 0) return [{ file: null, folders: [...folders, entry.name] }];
  return (await Promise.all(found.map((one) => unpack(one, [...folders, entry.name])))).flat();
}

/** Pasted pictures are all called `image.png`; the time tells them apart. */
function named(file: File): File {
  if (!PICTURE.test(file.name)) return file;
  const time = new Date(file.lastModified).toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], file.name.replace("image", `image ${time}`), {
    type: file.type,
    lastModified: file.lastModified,
  });
}
