import { expect, test } from "bun:test";
import { Share } from "../../../files/share.ts";
import { HttpDoor } from "../door.ts";

const EVER: Record<string, string>[] = [
  { "If-Match": '"nonsense"' },
  { "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT" },
];

/** A door with a file `a` and a folder `sub`, where everybody may do everything. */
async function open() {
  const share = new Share();
  share.put("a", "text");
  await share.enter().mkdir("/sub");
  const door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  const ask = async (method: string, path: string, headers: Record<string, string>) =>
    (await door.fetch(`/files/${path}`, { method, headers })).status;
  const put = async (path: string, headers: Record<string, string>, body: string) =>
    (await door.fetch(`/files/${path}`, { method: "PUT", headers, body })).status;
  const etag = (await door.fetch("/files/a", { method: "HEAD" })).headers.get("etag") ?? "";
  return {
    ...{ ask, etag, put, share },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await share[Symbol.asyncDispose]();
    },
  };
}

const TO = { Destination: "/files/b", Overwrite: "T" };

test("nothing is removed or moved that is not as the request says", async () => {
  await using at = await open();
  for (const path of ["a", "sub/"]) {
    for (const fields of [...EVER, { "If-None-Match": "*" }]) {
      expect(await at.ask("DELETE", path, fields)).toBe(412);
      expect(await at.ask("MOVE", path, { ...fields, ...TO })).toBe(412);
    }
  }
  expect(at.share.names()).toEqual(["a", "sub"]);
  expect(await at.ask("MOVE", "a", { "If-Match": at.etag, ...TO })).toBe(201);
  expect(await at.ask("DELETE", "b", { "If-Match": "*" })).toBe(204);
  expect(await at.ask("DELETE", "sub/", { "If-Match": "*" })).toBe(204);
});

test("a folder is made only where the request expects none", async () => {
  await using at = await open();
  expect(await at.ask("MKCOL", "new", { "If-Match": "*" })).toBe(412);
  expect(await at.ask("MKCOL", "sub", { "If-None-Match": "*" })).toBe(412);
  expect(await at.ask("MKCOL", "new", { "If-None-Match": "*" })).toBe(201);
});

test("of many who replace the same version of a file at once one does", async () => {
  await using at = await open();
  const all = Array.from({ length: 8 }, (_, i) => at.put("a", { "If-Match": at.etag }, `text of ${i}`));
  const answers = await Promise.all(all);
  expect(answers.toSorted()).toEqual([204, ...Array<number>(7).fill(412)]);
  const winner = answers.indexOf(204);
  expect(at.share.read("a")).toBe(`text of ${winner}`);
  expect(at.share.names()).toEqual(["a", "sub"]);
});
