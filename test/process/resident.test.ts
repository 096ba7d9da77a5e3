import { expect, test } from "bun:test";
import { until } from "../support/deadline.ts";
import { lineClient } from "../support/line-user.ts";
import { startTincan } from "../support/tincan.ts";

const MB = 1e6;

test("a daemon at rest needs less than 40 MB, and goes on as before", async () => {
  await using tincan = await startTincan();
  await until(() => tincan.rss() < 40 * MB, "the pages of the start to be given back");
  using ann = await lineClient({ port: tincan.port("line") }, "ann");
  using bob = await lineClient({ port: tincan.port("line") }, "bob");
  await ann.user.say("hello");
  await bob.user.hears("ann: hello");
  expect(tincan.rss()).toBeLessThan(50 * MB);
});
