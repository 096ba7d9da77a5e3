import { expect, test } from "bun:test";
import { type BatchHost, type Dropped, uploadAll } from "../../../../../protocols/http/page/app/files/batch.ts";
import type { Upload } from "../../../../../protocols/http/page/app/files/upload/upload.ts";
import { NoAnswer } from "../../../../../protocols/http/page/app/lib/ask.ts";
import { HttpError } from "../../../../../protocols/http/page/app/lib/http-error.ts";
import { nobody } from "../../../../../protocols/http/page/app/lib/me.ts";
import { Store } from "../../../../../protocols/http/page/app/lib/store.ts";
import { en } from "../../../../../protocols/http/page/app/text/en.ts";

type Listed = Pick<Upload, "id" | "state" | "path">;

function open(makeFolder: (path: string) => Promise<void> = async () => {}) {
  const uploads = new Store<readonly Listed[]>([]);
  const said: string[] = [];
  const notes: string[] = [];
  const add = (file: File, folder: string) => {
    const id = uploads.value.length + 1;
    uploads.update((all) => [...all, { id, state: "waiting", path: `${folder}/${file.name}` }]);
    return id;
  };
  const host = {
    root: "http://box:8480/",
    settings: { language: new Store("en") },
    account: { me: new Store({ ...nobody, may: { read: true, upload: true, write: false } }) },
    browser: { shown: new Store({ path: "/in" }), api: { makeFolder } },
    chat: {
      state: new Store({ active: "#lobby" }),
      note: (_: string, text: string) => notes.push(text),
      outbox: { say: (_: string, __: string, text: string) => said.push(text) },
    },
    uploads: { uploads, add },
  } as unknown as BatchHost;
  const become = (id: number, state: Upload["state"]) =>
    uploads.update((all) => all.map((one) => (one.id === id ? { ...one, state } : one)));
  const remove = (...ids: number[]) => uploads.update((all) => all.filter(({ id }) => !ids.includes(id)));
  return { host, uploads, said, notes, become, remove };
}

function files(count: number, ...folders: readonly string[]): readonly Dropped[] {
  return Array.from({ length: count }, (_, at) => ({ file: new File(["a"], `${at}.txt`), folders }));
}

test("the room hears how many of many files came, whatever is still in the list", async () => {
  const { host, said, become, remove } = open();
  await uploadAll(host, files(7), "#lobby");
  for (const id of [1, 2, 3, 4, 5]) become(id, "done");
  remove(1, 2, 3);
  become(6, "failed");
  expect(said).toEqual([]);
  remove(6);
  become(7, "done");
  expect(said).toEqual([en.filesSaid(6, "http://box:8480/files/in/")]);
  remove(4, 5, 7);
  expect(said).toHaveLength(1);
});

test("a folder that is there already takes the files all the same", async () => {
  const { host, uploads, notes } = open(async () => {
    throw new HttpError(405, "exists", "it is there");
  });
  await uploadAll(host, files(1, "tree"), null);
  expect(uploads.value.map(({ path }) => path)).toEqual(["/in/tree/0.txt"]);
  expect(notes).toEqual([]);
});

test("a folder with nothing in it is made, and who may not make it is told", async () => {
  const made: string[] = [];
  const { host, uploads, said, notes } = open(async (path) => {
    made.push(path);
    if (path.endsWith("bad")) throw new HttpError(400, "bad-path", "no such name");
    if (path.endsWith("tree")) throw new HttpError(405, "exists", "it is there");
  });
  const empty = (...folders: readonly string[]) => ({ file: null, folders });
  await uploadAll(host, [empty("tree", "a"), empty("tree"), empty("bad"), ...files(1, "tree", "b")], "#lobby");
  expect(made).toEqual(["/in/tree", "/in/tree/a", "/in/bad", "/in/tree/b"]);
  expect(uploads.value.map(({ path }) => path)).toEqual(["/in/tree/b/0.txt"]);
  expect(notes).toEqual(["no such name"]);
  expect(said).toEqual([]);
});

test("a folder that cannot be asked for is told, and nothing is put into it", async () => {
  const { host, uploads, notes } = open(async () => {
    throw new NoAnswer();
  });
  await uploadAll(host, [...files(1), ...files(1, "tree")], null);
  expect(uploads.value.map(({ path }) => path)).toEqual(["/in/0.txt"]);
  expect(notes).toEqual([en.offline]);
});
