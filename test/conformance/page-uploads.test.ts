import { describe, expect, test } from "bun:test";
import { until } from "../support/deadline.ts";
import { HttpShare } from "../support/http-share.ts";
import { fetchPut, PageUploads } from "../support/page-uploads.ts";
import { Random, SEED } from "../support/random.ts";
import { Gate, Relay } from "../support/relay.ts";

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

describe("the page's uploads, against the door", () => {
  test("arrive whole though the connection breaks all the time", async () => {
    await using share = await HttpShare.open();
    await using relay = await Relay.start(share.port);
    const random = new Random(SEED);
    const bytes = new Uint8Array(24 * MIB).map(() => random.below(256));
    const file = new File([bytes], "很大 & 50%.bin", { lastModified: 1_767_323_045_000 });
    const page = new PageUploads(fetchPut(() => `http://127.0.0.1:${relay.port}/`));
    page.queue.add(file, "/");
    for (let cut = 0; cut < 6; cut++) {
      const gate = new Gate("client", 1 + random.below(4 * MIB));
      relay.gate = gate;
      await gate.reached;
      relay.gate = null;
      relay.lose(cut % 2 === 0 ? "client" : "server");
    }
    const done = await page.first("done");
    expect(done.sha256).toBe(sha256(bytes));
    expect(sha256(share.sharedBytes("很大 & 50%.bin"))).toBe(done.sha256);
  }, 30_000);

  test("go on after the page was loaded anew", async () => {
    await using share = await HttpShare.open();
    const root = () => `http://127.0.0.1:${share.port}/`;
    const put = fetchPut(root);
    const bytes = new Uint8Array(20 * MIB).map((_, at) => at % 253);
    const file = new File([bytes], "a.bin", { lastModified: 1_767_323_045_678 });
    const before = new PageUploads((request, signal, progress) => {
      // The page is closed when a piece is through.
      return request.range?.startsWith("bytes 8388608-") ? new Promise(() => {}) : put(request, signal, progress);
    });
    before.queue.add(file, "/");
    await before.first("sending");
    await until(() => before.queue.uploads.value[0]?.sent === 8 * MIB, "the first piece to be through");
    const after = new PageUploads(put, [...before.kept]);
    await until(() => after.queue.uploads.value[0]?.sent === 8 * MIB, "the first piece to be through");
    after.queue.add(file, "/");
    await after.first("done");
    expect(sha256(share.sharedBytes("a.bin"))).toBe(sha256(bytes));
  });
});
