import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { Share } from "../../../files/share.ts";
import { codeOf, HttpDoor } from "../door.ts";

async function open() {
  const share = new Share();
  mkdirSync(share.folder.file("pictures/小"), { recursive: true });
  for (const name of ["a", "b", "c"]) writeFileSync(share.folder.file(`pictures/${name}.txt`), name);
  const door = await HttpDoor.open({ vault: share.vault });
  return {
    door,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await share[Symbol.asyncDispose]();
    },
  };
}

describe("a folder", () => {
  test("is listed in pages by its path in the query", async () => {
    await using shared = await open();
    const { door } = shared;
    expect(await (await door.fetch("/api/files")).json()).toMatchObject({
      entries: [{ name: "pictures", type: "dir" }],
    });
    const first = await (await door.fetch("/api/files?path=/pictures&limit=2")).json();
    expect(first).toMatchObject({
      entries: [{ name: "a.txt", type: "file", size: 1 }, { name: "b.txt" }],
      next: "b.txt",
    });
    const rest = await (await door.fetch("/api/files?path=pictures&after=b.txt")).json();
    expect(rest).toMatchObject({ entries: [{ name: "c.txt" }, { name: "小" }], next: null });
    expect((await door.fetch(`/api/files?path=${encodeURIComponent("/pictures/小")}`)).status).toBe(200);
    for (const [path, status] of [
      ["/pictures/", 200],
      ["pictures/", 200],
      ["", 200],
      ["//pictures", 400],
      ["/pictures//", 400],
    ] as const)
      expect([path, (await door.fetch(`/api/files?path=${path}`)).status]).toEqual([path, status]);
    expect((await door.fetch("/api/files", { method: "HEAD" })).status).toBe(200);
  });

  test.each([
    ["/../etc", 400, "bad-path"],
    ["/pictures/../../etc", 400, "bad-path"],
    ["/a%00b", 400, "bad-path"],
    ["/nowhere", 404, "not-found"],
    ["/pictures/a.txt", 409, "not-a-folder"],
  ] as const)("that is none is refused: %s", async (path, status, code) => {
    await using shared = await open();
    const answer = await shared.door.fetch(`/api/files?path=${path}`);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });
});

test("who may not read is asked to log in", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: [] });
  const answer = await door.fetch("/api/files");
  expect(answer.headers.get("www-authenticate")).toStartWith("Basic ");
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  expect([answer.status, error.code]).toEqual([401, "login-needed"]);
  expect(error.message).toEndWith("; log in with an account that may");
});

test("without files there is a sentence that says how to share some", async () => {
  await using door = await HttpDoor.open();
  const answer = await door.fetch("/api/files");
  expect([answer.status, await codeOf(answer)]).toEqual([404, "no-files"]);
});
