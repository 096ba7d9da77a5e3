import { expect, test } from "bun:test";
import { Share } from "../../../files/share.ts";
import { codeOf, HttpDoor } from "../door.ts";

test("a folder around what is made is missing: 409, as clients that make folders one by one expect", async () => {
  await using share = new Share();
  share.put("a", "hello");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  const ask = async (method: string, path: string, to?: string) => {
    const answer = await door.fetch(path, { method, headers: to === undefined ? {} : { Destination: to } });
    return [answer.status, answer.status >= 400 ? await codeOf(answer) : ""];
  };
  expect(await ask("MKCOL", "/files/no/new")).toEqual([409, "not-found"]);
  expect(await ask("MOVE", "/files/a", "/files/no/a")).toEqual([409, "not-found"]);
  expect(await ask("MOVE", "/files/missing", "/files/no/a")).toEqual([404, "not-found"]);
  expect(await ask("MOVE", "/files/missing", "/files/b")).toEqual([404, "not-found"]);
  expect(await ask("MKCOL", "/files/no")).toEqual([201, ""]);
  expect(await ask("MKCOL", "/files/no/new")).toEqual([201, ""]);
  expect(await ask("MOVE", "/files/a", "/files/no/a")).toEqual([201, ""]);
});
