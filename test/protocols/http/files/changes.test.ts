import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Share } from "../../../files/share.ts";
import { codeOf, HttpDoor } from "../door.ts";

test("a folder around what is made is missing: 409, as clients that make folders one by one expect", async () => {
  await using share = new Share();
  share.put("a", "hello");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  const ask = async (method: string, path: string, to?: string) => {
    const body = method === "PUT" ? "hi" : null;
    const answer = await door.fetch(path, { method, body, headers: to === undefined ? {} : { Destination: to } });
    return [answer.status, answer.status >= 400 ? await codeOf(answer) : ""];
  };
  expect(await ask("MKCOL", "/files/no/new")).toEqual([409, "not-found"]);
  expect(await ask("PUT", "/files/no/new")).toEqual([409, "not-found"]);
  expect(await ask("MOVE", "/files/a", "/files/no/a")).toEqual([409, "not-found"]);
  expect(await ask("MOVE", "/files/missing", "/files/no/a")).toEqual([404, "not-found"]);
  expect(await ask("MOVE", "/files/missing", "/files/b")).toEqual([404, "not-found"]);
  expect(await ask("MKCOL", "/files/no")).toEqual([201, ""]);
  expect(await ask("MKCOL", "/files/no/new")).toEqual([201, ""]);
  expect(await ask("MOVE", "/files/a", "/files/no/a")).toEqual([201, ""]);
});

test("what is there already cannot be made a folder, nor be moved to where it is", async () => {
  await using share = new Share();
  share.put("a", "hello");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  for (const path of ["/files/", "/files/a"]) {
    const answer = await door.fetch(path, { method: "MKCOL" });
    expect([answer.status, await codeOf(answer)]).toEqual([405, "exists"]);
    expect(answer.headers.get("allow")?.split(", ")).not.toContain("MKCOL");
  }
  for (const Overwrite of ["T", "F"]) {
    const answer = await door.fetch("/files/a", { method: "MOVE", headers: { Destination: "/files/%61", Overwrite } });
    expect([answer.status, await codeOf(answer)]).toEqual([403, "denied"]);
  }
  expect(readFileSync(share.file("a"), "utf8")).toBe("hello");
});

test("nobody is asked for a login that would not help", async () => {
  await using share = new Share();
  await Bun.$`mkfifo ${share.file("pipe")}`;
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  for (const [method, path, headers] of [
    ["DELETE", "", {}],
    ["MOVE", "", { Destination: "/files/b" }],
    ["MKCOL", ".hidden", {}],
    ["GET", "pipe", {}],
  ] as const) {
    const answer = await door.fetch(`/files/${path}`, { method, headers });
    expect([answer.status, await codeOf(answer)]).toEqual([403, "denied"]);
    expect(answer.headers.has("www-authenticate")).toBe(false);
  }
});

test("an address that ends in a slash is a folder's, and no file is moved from or to there", async () => {
  await using share = new Share();
  share.put("a", "hello");
  await share.enter().mkdir("/sub");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  const move = async (from: string, Destination: string) => {
    const answer = await door.fetch(from, { method: "MOVE", headers: { Destination } });
    return [answer.status, answer.status >= 400 ? await codeOf(answer) : ""];
  };
  expect(await move("/files/a/", "/files/b")).toEqual([409, "not-a-folder"]);
  expect(await move("/files/a", "/files/b/")).toEqual([409, "not-a-folder"]);
  expect(await move("/files/missing/", "/files/b/")).toEqual([404, "not-found"]);
  expect(await move("/files/sub/", "/files/folder/")).toEqual([201, ""]);
  expect(await move("/files/folder", "/files/sub")).toEqual([201, ""]);
  expect(share.names()).toEqual(["a", "sub"]);
});
