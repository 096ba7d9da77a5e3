import { expect, test } from "bun:test";
import { mkdirSync, utimesSync } from "node:fs";
import { Share } from "../../files/share.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { Chat } from "./chat.ts";

/** Ann in a chat that shares a folder; everything in it is five minutes old. */
async function scene(names: readonly string[] = []) {
  const share = new Share();
  const clock = new HandClock();
  const then = clock.now() / 1000 - 300;
  for (const name of names) {
    const path = name.endsWith("/") ? share.file(name.slice(0, -1)) : share.put(name, "x".repeat(2_100));
    if (name.endsWith("/")) mkdirSync(path, { recursive: true });
    utimesSync(path, then, then);
  }
  const chat = new Chat(0, clock);
  chat.vault = share.vault;
  const ann = await chat.enter("ann");
  return {
    ann,
    share,
    async lists(args = "") {
      await ann.type(`/files${args}\n`);
      return ann.take();
    },
    [Symbol.asyncDispose]: () => share[Symbol.asyncDispose](),
  };
}

test("/files lists name, size and age, and how to get one", async () => {
  await using at = await scene(["photos/", "a cat.jpg", "b.txt"]);
  expect(await at.lists()).toEqual([
    "-- files:",
    "--   2.1 kB   5 min  a cat.jpg",
    "--   2.1 kB   5 min  b.txt",
    "--            5 min  photos/",
    "-- get one: tincan get '127.0.0.1/a cat.jpg'  or  http://127.0.0.1:8480/files/a%20cat.jpg",
  ]);
});

test("/files takes a folder or a file, with or without its slashes", async () => {
  await using at = await scene(["photos/", "photos/a.jpg", "photos/deep/"]);
  const listed = await at.lists(" /photos");
  expect(listed[0]).toBe('-- files in "/photos":');
  expect(listed.at(-1)).toBe(
    "-- get one: tincan get 127.0.0.1/photos/a.jpg  or  http://127.0.0.1:8480/files/photos/a.jpg",
  );
  expect(await at.lists(" photos/")).toEqual(listed);
  expect(await at.lists(" photos/a.jpg")).toEqual([
    "--   2.1 kB   5 min  a.jpg",
    "-- get it: tincan get 127.0.0.1/photos/a.jpg  or  http://127.0.0.1:8480/files/photos/a.jpg",
  ]);
  expect(await at.lists(" photos/deep")).toEqual(['-- there are no files in "/photos/deep" yet']);
});

test("/files of a large folder fits on a screen", async () => {
  await using at = await scene(Array.from({ length: 40 }, (_, i) => `file${String(i).padStart(2, "0")}`));
  const listed = await at.lists();
  expect(listed).toHaveLength(18);
  expect(listed.at(-2)).toBe("-- and 25 more: /files 2  or  tincan ls 127.0.0.1/");
});

test("/files goes on page by page, and a file that is called like a page is the file", async () => {
  const names = Array.from({ length: 40 }, (_, i) => `my photos/file${String(i).padStart(2, "0")}`);
  await using at = await scene(["my photos/", ...names]);
  const shown: string[] = [];
  for (const page of ["", " 2", " 3"]) {
    const [heading, ...lines] = await at.lists(` my photos${page}`);
    expect(heading).toBe(`-- files in "/my photos"${page === "" ? "" : `, page${page}`}:`);
    const rest = lines.find((line) => line.includes(" more"));
    const next = { "": "/files my photos 2", " 2": "/files my photos 3" }[page];
    if (next === undefined) expect(rest).toBeUndefined();
    else expect(rest).toContain(` more: ${next}  or  tincan ls '127.0.0.1/my photos'`);
    shown.push(...lines.filter((line) => line.includes("min")).map((line) => `my photos/${line.slice(-6)}`));
  }
  expect(shown).toEqual(names);
  expect(await at.lists(" my photos 4")).toEqual(["-- there is no page 4; the last is /files my photos 3"]);
  expect(await at.lists(" elsewhere 2")).toEqual(['-- there is no "/elsewhere"']);
  at.share.put("2", "two");
  expect((await at.lists(" 2"))[0]).toEndWith("2");
});

test("/files goes on in a folder of more than it counts", async () => {
  await using at = await scene(Array.from({ length: 1_200 }, (_, i) => `f${String(i).padStart(4, "0")}`));
  const listed = await at.lists(" 80");
  expect(listed[1]).toEndWith("f1185");
  expect(listed.slice(1, -1)).toHaveLength(15);
});

test("/files counts no further than a thousand", async () => {
  await using at = await scene(Array.from({ length: 1_200 }, (_, i) => `f${i}`));
  expect((await at.lists()).at(-2)).toStartWith("-- and more than 985 more: /files 2  or  ");
});

test("/files leads nowhere outside, and says what is not there", async () => {
  await using at = await scene(["a.txt", ".hidden"]);
  for (const path of ["../etc", "..", "a.txt/x", "nothing", ".hidden", "\\x"]) {
    const [line = "", ...more] = await at.lists(` ${path}`);
    expect(line).toStartWith("-- ");
    expect(line).not.toContain("get it");
    expect(more).toEqual([]);
  }
  expect((await at.lists()).join()).not.toContain("hidden");
});

test("/files without a shared folder, and while it is empty", async () => {
  const chat = new Chat();
  const ann = await chat.enter("ann");
  await ann.type("/files\n");
  expect(ann.take()).toEqual(["-- no files are shared here"]);
  await using at = await scene();
  expect(await at.lists()).toEqual(["-- there are no files yet"]);
});
