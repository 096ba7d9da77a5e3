import { describe, expect } from "bun:test";
import type { Locator } from "playwright-core";
import { Browser, browser } from "../support/browser.ts";
import { lineClient } from "../support/line-user.ts";
import { PageChat } from "../support/page-chat.ts";
import { startTincan } from "../support/tincan.ts";

describe("the search in the page", () => {
  browser.test("finds what was said, in any language, and not where nothing is kept", async () => {
    await using chromium = await Browser.launch();
    {
      await using tincan = await startTincan(["--doors", "http"]);
      const user = await chromium.user(tincan.port("http"));
      const { page } = user;
      await page.getByText("No files are shared here").waitFor();
      expect(await page.getByRole("button", { name: "Search in #lobby" }).count()).toBe(0);
      await user.say("/search tea");
      await user.hears("keeps no history");
    }
    await using tincan = await startTincan(["--doors", "http", "--history", "7d", "--chat-rate", "0"]);
    using bob = await PageChat.open(tincan.port("http"), { name: "bob" });
    for (let count = 1; count <= 40; count++) bob.chat.outbox.say("#lobby", "say", `tea number ${count}`);
    bob.chat.outbox.say("#lobby", "say", "明天下午开会 <b>");
    await bob.hears("明天下午开会 <b>");
    const user = await chromium.user(tincan.port("http"));
    const { page } = user;
    await page.getByRole("button", { name: "Search in #lobby" }).click();
    const field = page.getByRole("searchbox", { name: "Search in #lobby" });
    await field.fill("下午");
    await page.locator(".hit .said", { hasText: "明天下午开会 <b>" }).waitFor();
    expect(await page.locator(".hit mark").allInnerTexts()).toEqual(["下午"]);
    await field.fill("number tea");
    await page.locator(".hit", { hasText: "tea number 40" }).waitFor();
    expect(await page.locator(".hit").first().locator("mark").allInnerTexts()).toEqual(["tea", "number"]);
    await page.getByRole("button", { name: "More" }).click();
    await page.locator(".hit", { hasText: /number 1$/ }).waitFor();
    expect(await page.locator(".hit").count()).toBe(40);
    await user.picture("search");
    await field.fill("nobody said this");
    await page.getByText("Nothing was found").waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    await user.say("/search number 7");
    await page.locator(".hit", { hasText: "tea number 7" }).first().waitFor();
    expect(chromium.complaints).toEqual([]);
    browser.exchanged(2);
  });

  browser.test("leads to a message of any age, on to the newest, and back", async () => {
    await using chromium = await Browser.launch();
    await using tincan = await startTincan(["--doors", "http,line", "--history", "7d", "--chat-rate", "0"]);
    using bob = await lineClient({ host: "127.0.0.1", port: tincan.port("line") }, "bob");
    const lines = Array.from({ length: 600 }, (_, at) => `line ${at + 1}${at % 200 === 49 ? " tea" : ""}`);
    await bob.user.say(lines.join("\n"));
    const user = await chromium.user(tincan.port("http"), { viewport: { width: 375, height: 667 } });
    const { page } = user;
    await user.hears("line 600");
    const log = page.locator(".log");
    const texts = () => page.locator(".log .said").allInnerTexts();
    const goal = page.locator(".log .goal");
    await user.say("/search tea");
    const hits = page.locator(".hit-open");
    await hits.nth(2).waitFor();
    // By keyboard, to the oldest.
    await hits.nth(2).focus();
    await page.keyboard.press("Enter");
    await goal.getByText("line 50 tea", { exact: true }).waitFor();
    expect(await page.locator(".goal:focus").count()).toBe(1);
    const middleOf = async (part: Locator) => {
      const place = await part.boundingBox();
      return (place?.y ?? 0) + (place?.height ?? 0) / 2;
    };
    // In the middle, however much of the height the search leaves to it.
    await page.locator(".search[data-aside=true]").waitFor();
    expect(Math.abs((await middleOf(goal)) - (await middleOf(log)))).toBeLessThan(10);
    expect((await texts()).at(-1)).not.toBe("line 600");
    await user.picture("search-goal");
    // What is drawn anew when its beginning comes keeps the focus.
    while (!(await texts()).includes("line 1"))
      await log.evaluate((box) => {
        box.scrollTop = 0;
      });
    expect(await page.locator(".goal:focus").count()).toBe(1);
    // What is said meanwhile is counted, and neither shown here nor lost.
    await bob.user.say("meanwhile");
    await page.locator(".jump", { hasText: "1 new message" }).waitFor();
    expect(await goal.count()).toBe(1);
    // Down to the newest, with nothing left out or twice.
    while (!(await texts()).includes("meanwhile"))
      await log.evaluate((box) => {
        box.scrollTop = box.scrollHeight;
      });
    const shown = await texts();
    const first = lines.indexOf(shown[0] ?? "");
    expect(shown).toEqual([...lines.slice(first), "meanwhile"]);
    // A word of one's own is in sight at once.
    await hits.nth(1).click();
    await goal.getByText("line 250 tea", { exact: true }).waitFor();
    await user.say("back again");
    await user.hears("back again");
    await page.locator(".jump").waitFor({ state: "detached" });
    // And Escape leads back as well.
    await hits.nth(2).click();
    await goal.getByText("line 50 tea", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await goal.waitFor({ state: "detached" });
    await page.locator(".jump").waitFor({ state: "detached" });
    expect((await texts()).at(-1)).toBe("back again");
    expect(chromium.complaints).toEqual([]);
    browser.exchanged();
  });
});
