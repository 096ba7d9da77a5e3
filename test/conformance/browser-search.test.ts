import { describe, expect } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
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
});
