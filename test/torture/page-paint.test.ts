import { expect } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

const TIMES = 9;
const MOST_MS = 300;
const MOST_BYTES = 60 * 1024;

const PAINT = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity`;
const BYTES = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, { transferSize }) => sum + transferSize, 0)`;

browser.test(
  "the page is painted within 300 ms, with at most 60 KiB over the wire",
  async () => {
    using folder = new TempFolder();
    await using tincan = await startTincan([folder.path, "--doors", "http", "--min-free", "0"]);
    await using chromium = await Browser.launch();
    const paints: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      // A profile of its own has nothing in its cache.
      const { context, page } = await chromium.user(tincan.port("http"));
      paints.push(await page.evaluate(PAINT));
      expect(await page.evaluate(BYTES)).toBeLessThan(MOST_BYTES);
      await context.close();
    }
    // The machine may have other things to do, but not all the time.
    const [, , third = Number.POSITIVE_INFINITY] = paints.sort((a, b) => a - b);
    expect(third).toBeLessThan(MOST_MS);
    browser.exchanged(TIMES);
  },
  60_000,
);
