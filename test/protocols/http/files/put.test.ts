import { expect, spyOn, test } from "bun:test";
import { readFileSync, utimesSync } from "node:fs";
import { Share } from "../../../files/share.ts";
import { readAnswer } from "../../../support/http-share.ts";
import { HttpDoor } from "../door.ts";

/** A PUT of nine bytes with these fields; `meanwhile` happens when six have come, or all, just before it has its name. */
async function put(
  share: Share,
  fields: string,
  { meanwhile, at = "bytes" }: { readonly meanwhile: () => void; readonly at?: "bytes" | "name" },
) {
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  if (at === "name") beforeCommit(share, meanwhile);
  using client = await door.connect();
  const begun = Promise.withResolvers<void>();
  share.transfers.onBegin(begun.resolve);
  await client.write(
    `PUT /files/a?overwrite HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n${fields}\r\n\r\nby HT`,
  );
  await begun.promise;
  if (at === "bytes") meanwhile();
  await client.write("TP !");
  return (await readAnswer(client)).status;
}

function beforeCommit(share: Share, work: () => void): void {
  const enter = share.vault.enter.bind(share.vault);
  spyOn(share.vault, "enter").mockImplementation((...by) => {
    const access = enter(...by);
    const write = access.write.bind(access);
    access.write = async (...args) => {
      const upload = await write(...args);
      const commit = upload.commit.bind(upload);
      upload.commit = (checked) => {
        work();
        return commit(checked);
      };
      return upload;
    };
    return access;
  });
}

test.each([["bytes"], ["name"]] as const)(
  "what must be new replaces nothing that came by another way: %s",
  async (at) => {
    await using share = new Share();
    const status = await put(share, "If-None-Match: *", { at, meanwhile: () => share.put("a", "another's") });
    expect(status).toBe(412);
    expect(readFileSync(share.file("a"), "utf8")).toBe("another's");
  },
);

test("what was changed while the bytes came is not replaced by who named its time", async () => {
  await using share = new Share();
  const path = share.put("a", "before");
  utimesSync(path, 1_600_000_000, 1_600_000_000);
  const fields = `If-Unmodified-Since: ${new Date(1_600_000_000_000).toUTCString()}`;
  expect(await put(share, fields, { meanwhile: () => share.put("a", "another's") })).toBe(412);
  expect(readFileSync(path, "utf8")).toBe("another's");
  utimesSync(path, 1_600_000_000, 1_600_000_000);
  expect(await put(share, fields, { meanwhile: () => {} })).toBe(204);
  expect(readFileSync(path, "utf8")).toBe("by HTTP !");
});

test("the last piece is answered with the hash of the whole, to who wants it", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload"] });
  const put = async (range: string, body: string) => {
    const headers = { "Content-Range": `bytes ${range}`, "Want-Repr-Digest": "sha-256=1" };
    const answer = await door.fetch("/files/a", { method: "PUT", body, headers });
    return [answer.status, answer.headers.get("repr-digest")];
  };
  expect(await put("0-4/9", "hello")).toEqual([202, null]);
  const sum = new Bun.CryptoHasher("sha256").update("hello you").digest("base64");
  expect(await put("5-8/9", " you")).toEqual([201, `sha-256=:${sum}:`]);
});

test.each([
  [["read", "upload", "write"], "take another name, or ask for ?overwrite"],
  [["read", "upload"], "take another name"],
] as const)("who may %p is told what to do about a file that is there", async (rights, how) => {
  await using share = new Share();
  share.put("a.txt", "before");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: rights });
  const put = await door.fetch("/files/a.txt", { method: "PUT", body: "after" });
  expect([put.status, await put.json()]).toEqual([
    409,
    { error: { code: "exists", message: `"/a.txt" is there already; ${how}` } },
  ]);
});

test.each([
  ["overwrite", true],
  ["overwrite=", true],
  ["overwrite=1", true],
  ["overwrite=true", true],
  ["overwrite=0", false],
  ["overwrite=false", false],
  ["overwrite=No", false],
  ["overwritten", false],
])("?%s", async (query, isReplaced) => {
  await using share = new Share();
  share.put("a.txt", "before");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  const put = await door.fetch(`/files/a.txt?${query}`, { method: "PUT", body: "after" });
  expect([put.status, readFileSync(share.file("a.txt"), "utf8")]).toEqual(
    isReplaced ? [204, "after"] : [409, "before"],
  );
  const got = await door.fetch(`/files/a.txt?${query.replace("overwrite", "download")}`);
  expect(got.headers.get("content-disposition")).toStartWith(isReplaced ? "attachment" : "inline");
});
