import { expect, test } from "bun:test";
import { Exchange } from "../../../../protocols/http/exchange.ts";
import { getFile } from "../../../../protocols/http/files/get.ts";
import { SmallFiles } from "../../../../protocols/http/files/small-files.ts";
import { RequestBody } from "../../../../protocols/http/wire/request-body.ts";
import type { Connection } from "../../../../src/net/protocol.ts";
import { Share, visitor } from "../../../files/share.ts";
import { until } from "../../../support/deadline.ts";

const peer = { host: "192.0.2.1", key: "192.0.2.1", loopback: false, encrypted: false };
const asker = { peer, visitor: visitor(["read"]), prefix: "" };

/** Asks for `/a` and whatever is given behind it. */
function ask(share: Share, small: SmallFiles, query: string) {
  const head = { method: "GET", target: `/files/a${query}`, minor: 1 as const, fields: new Map() };
  const x = new Exchange(head, new RequestBody(0), {} as Connection, asker);
  return getFile(x, share.enter(), "/a", { now: 0, small });
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
