import { expect, test } from "bun:test";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Exchange } from "../../../../protocols/http/exchange.ts";
import { getFile } from "../../../../protocols/http/files/get.ts";
import { SmallFiles } from "../../../../protocols/http/files/small-files.ts";
import { RequestBody } from "../../../../protocols/http/wire/request-body.ts";
import type { Permission } from "../../../../src/accounts/permission.ts";
import type { Connection } from "../../../../src/net/protocol.ts";
import { Share, visitor } from "../../../files/share.ts";
import { until } from "../../../support/deadline.ts";
import { TempFolder } from "../../../support/temp.ts";

const peer = { host: "192.0.2.1", key: "192.0.2.1", loopback: false, encrypted: false };

/** Asks for `/a` and whatever is given behind it. */
function ask(share: Share, small: SmallFiles, query: string, rights: readonly Permission[] = ["read"]) {
  const asker = { peer, visitor: visitor(rights), prefix: "" };
  const head = { method: "GET", target: `/files/a${query}`, minor: 1 as const, fields: new Map() };
  const x = new Exchange(head, new RequestBody(0), {} as Connection, asker);
  return getFile(x, share.enter(rights), "/a", { now: 0, small });
}

test("an answer is kept once, whatever stands in the query that changes nothing", async () => {
  await using share = new Share();
  share.put("a", "text");
  const small = new SmallFiles();
  // What was written a moment ago is not kept.
  await until(async () => (await ask(share, small, "")).again !== undefined, "an answer that is kept");
  const { again } = await ask(share, small, "");
  for (const query of ["?", "?1", `?${"x".repeat(7_900)}`]) expect((await ask(share, small, query)).again).toBe(again);
  const download = await ask(share, small, "?download");
  expect(download.again).not.toBe(again);
  expect((await ask(share, small, "?x&download=1")).again).toBe(download.again);
});

test("what is kept is sent without opening the file, counted as a transfer each time, and never when it is another by now", async () => {
  await using share = new Share();
  const file = share.put("a", "text");
  const small = new SmallFiles();
  const sent: string[] = [];
  share.transfers.onEnd(({ spec, bytes, outcome }) => sent.push(`${spec.path} ${bytes} ${outcome}`));
  await until(async () => (await ask(share, small, "")).again !== undefined, "an answer that is kept");
  sent.length = 0;
  const [first, second] = [await ask(share, small, ""), await ask(share, small, "")];
  expect(second.body).toBe(first.body);
  expect(sent).toEqual(["/a 4 done", "/a 4 done"]);
  writeFileSync(file, "other");
  await new Promise(setImmediate);
  expect(Buffer.from((await ask(share, small, "")).body as Uint8Array).toString()).toBe("other");
  rmSync(file);
  await new Promise(setImmediate);
  expect(ask(share, small, "")).rejects.toMatchObject({ code: "not-found" });
  expect(share.open).toBe(0);
});

test("what is kept is for those alone who may read", async () => {
  await using share = new Share();
  share.put("a", "text");
  const small = new SmallFiles();
  await until(async () => (await ask(share, small, "")).again !== undefined, "an answer that is kept");
  expect(ask(share, small, "", [])).rejects.toMatchObject({ code: "denied" });
});

test("what is kept of a root that was exchanged is not found, and nothing fails", async () => {
  using folder = new TempFolder();
  const root = folder.file("root");
  mkdirSync(root);
  writeFileSync(`${root}/a`, "old");
  await using share = new Share({ root });
  const small = new SmallFiles();
  await until(async () => (await ask(share, small, "")).again !== undefined, "an answer that is kept");
  const { again } = await ask(share, small, "");
  renameSync(root, folder.file("old"));
  mkdirSync(root);
  // Whatever file or folder is opened now may get the number of the old root's descriptor.
  using others = new DisposableStack();
  expect(await share.vault.isHealthy()).toBe(true);
  for (let n = 0; n < 32; n++)
    others.adopt(openSync(n % 2 === 0 ? folder.file("old") : import.meta.path, "r"), closeSync);
  await new Promise(setImmediate);
  expect(again?.current).toBeNull();
  expect(ask(share, small, "")).rejects.toMatchObject({ code: "not-found" });
  writeFileSync(`${root}/a`, "new");
  expect(Buffer.from((await ask(share, small, "")).body as Uint8Array).toString()).toBe("new");
});
