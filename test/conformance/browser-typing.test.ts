import { describe, expect } from "bun:test";
import type { Locator } from "playwright-core";
import { Browser, type BrowserUser, browser } from "../support/browser.ts";
import { lineClient } from "../support/line-user.ts";
import { connect } from "../support/tcp.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

async function withUser(body: (user: BrowserUser, tincan: Tincan, chromium: Browser) => Promise<void>): Promise<void> {
  await using tincan = await startTincan(["--doors", "http,line", "--chat-rate", "0"]);
  await using chromium = await Browser.launch();
  await body(await chromium.user(tincan.port("http")), tincan, chromium);
  expect(chromium.complaints).toEqual([]);
  browser.exchanged();
}

const said = (user: BrowserUser) => user.page.locator(".said").allInnerTexts();

describe("typing", () => {
  browser.test("Enter sends, Shift and Enter makes a line", () =>
    withUser(async (user) => {
      await user.field.pressSequentially("one");
      await user.field.press("Shift+Enter");
      await user.field.pressSequentially("two");
      await user.field.press("Enter");
      await user.hears("two");
      expect(await said(user)).toEqual(["one\ntwo"]);
      expect(await user.field.inputValue()).toBe("");
    }),
  );

  browser.test("what is pasted with tabs in it is said", () =>
    withUser(async (user) => {
      await user.say("\tif (it) {\n\t\tfits\n\t}");
      // Not only on its way.
      await user.page.locator(".speech .said", { hasText: "fits" }).waitFor();
      expect(await user.page.locator(".said").allInnerTexts()).toEqual(["    if (it) {\n        fits\n    }"]);
      await user.field.fill("\x07\t");
      await user.page.locator(".send:disabled").waitFor();
    }),
  );

  browser.test("Enter that ends the composition of an input method does not send", () =>
    withUser(async (user) => {
      await user.field.focus();
      const devtools = await user.context.newCDPSession(user.page);
      await devtools.send("Input.imeSetComposition", { text: "nihao", selectionStart: 5, selectionEnd: 5 });
      // What browsers send for a key that the input method takes for itself.
      const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };
      await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
      await devtools.send("Input.insertText", { text: "你好" });
      await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
      // Safari ends the composition first, and then says only by the key's number whose it was.
      await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
      expect(await user.field.inputValue()).toBe("你好");
      expect(await said(user)).toEqual([]);
      await user.field.press("Enter");
      await user.hears("你好");
    }),
  );

  browser.test("who leaves the last room is told how to come back", () =>
    withUser(async (user) => {
      await user.say("/leave");
      await user.page.locator(".log-begin", { hasText: "You are in no room" }).waitFor();
      await user.say("back again");
      await user.hears("back again");
      await user.say("/quit");
      await user.page.locator(".status", { hasText: "You have left the chat" }).waitFor();
      await user.page.getByRole("button", { name: "Come back" }).click();
      await user.page.locator(".status", { hasText: "Connected again" }).waitFor();
    }),
  );

  browser.test("what was begun to somebody is there when they take another name, and in each room its own", () =>
    withUser(async (user, tincan) => {
      using bob = await lineClient({ port: tincan.port("line") }, "bob");
      await user.page.locator(".people", { hasText: "bob" }).waitFor();
      await user.field.fill("to all");
      await user.page.getByRole("button", { name: "bob" }).click();
      await user.field.fill("half a word to");
      await bob.user.say("/nick rob");
      await user.page.getByRole("heading", { name: "rob" }).waitFor();
      expect(await user.field.inputValue()).toBe("half a word to");
      await user.page.getByRole("button", { name: "lobby" }).first().click();
      expect(await user.field.inputValue()).toBe("to all");
    }),
  );

  browser.test("commands complete, and the arrows and Escape choose", () =>
    withUser(async (user) => {
      const options = user.page.getByRole("option");
      await user.field.pressSequentially("/");
      expect(await options.count()).toBe(14);
      await user.field.press("ArrowDown");
      await user.field.press("Tab");
      expect(await user.field.inputValue()).toBe("/join ");
      await user.field.fill("/");
      await user.field.press("ArrowUp");
      const last = user.page.getByRole("option", { name: "/quit", selected: true });
      const bottom = async (box: Locator) => {
        const { y = 0, height = 0 } = (await box.boundingBox()) ?? {};
        return y + height;
      };
      expect(await bottom(last)).toBeLessThanOrEqual(await bottom(user.page.getByRole("listbox")));
      await user.field.fill("/me");
      await user.field.press("Escape");
      await options.first().waitFor({ state: "detached" });
      await user.field.fill("/joi");
      await user.field.press("Enter");
      await user.field.pressSequentially("#dev");
      await user.field.press("Enter");
      await user.page.getByRole("heading", { name: "#dev" }).waitFor();
      await user.say("/topic what we build");
      await user.page.locator(".topic", { hasText: "what we build" }).waitFor();
      await user.say("/nope");
      await user.hears("There is no command /nope");
      await user.say("/help");
      await user.hears("/msg name");
      // Who has left every room comes back by speaking.
      await user.say("/part dev");
      await user.page.getByRole("heading", { name: "#lobby" }).waitFor();
      await user.say("/part #LOBBY");
      await user.page.getByRole("button", { name: "lobby" }).waitFor({ state: "detached" });
      await user.say("I am back");
      await user.hears("I am back");
    }),
  );

  browser.test("the page can be used by the keyboard alone", () =>
    withUser(async (user) => {
      const { page } = user;
      const { keyboard } = page;
      const focused = () => page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText");
      await page.locator(".icon-button").first().focus();
      const seen: unknown[] = [];
      for (let steps = 0; steps < 14; steps++) {
        seen.push(await focused());
        await keyboard.press("Tab");
      }
      expect(seen).toContain("Join a room");
      expect(seen).toContain("Message #lobby");
      // A room is joined, a name is taken, without a pointer.
      await page.getByRole("button", { name: "Join a room" }).focus();
      await keyboard.press("Enter");
      await keyboard.type("dev");
      await keyboard.press("Enter");
      await page.getByRole("heading", { name: "#dev" }).waitFor();
      await page.locator(".own-name").focus();
      await keyboard.press("Enter");
      await keyboard.type("not a name");
      await keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      await keyboard.press("Escape");
      await page.locator(".own-name").waitFor();
      // What has the focus can be seen.
      await page.locator(".own-name").focus();
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe("none");
    }),
  );

  browser.test("nothing that others write becomes a part of the page", () =>
    withUser(async (user, tincan, chromium) => {
      const other = await chromium.user(tincan.port("http"));
      const bad = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;
      await other.say(bad);
      await other.say(`/topic ${bad}`);
      await other.say("/me javascript:alert(1) <b>bold</b>");
      await user.hears("<b>bold</b>");
      expect((await said(user))[0]).toBe(bad);
      expect(
        await user.page.locator(".log img, .log script, .log b, .room-head img, a[href^=javascript]").count(),
      ).toBe(0);
      expect(await user.page.title()).not.toContain("pwned");
    }),
  );

  browser.test(
    "a long conversation scrolls up to its beginning, and stays where one reads",
    () =>
      withUser(async (user, tincan) => {
        using bob = await connect({ host: "127.0.0.1", port: tincan.port("line") });
        await bob.write(Buffer.from(Array.from({ length: 150 }, (_, at) => `line ${at + 1}\n`).join("")));
        await user.page.locator(".said", { hasText: "line 150" }).waitFor();
        await user.page.reload();
        await user.isIn();
        const { page } = user;
        await page.locator(".said", { hasText: "line 150" }).waitFor();
        expect(await page.locator(".said").count()).toBeLessThan(150);
        // A person scrolls with the wheel, again and again.
        await page.locator(".log").hover();
        for (let turn = 0; turn < 60 && (await page.locator(".said").count()) < 150; turn++) {
          await page.mouse.wheel(0, -1500);
          await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }
        await page.getByText("This is where the history begins").waitFor();
        const texts = await page.locator(".said").allInnerTexts();
        expect(texts).toEqual(Array.from({ length: 150 }, (_, at) => `line ${at + 1}`));
        // Somebody speaks: what is read does not move.
        const before = await page.evaluate("document.querySelector('.log').scrollTop");
        await bob.write(Buffer.from("line 151\n"));
        await page.locator(".jump", { hasText: "1 new message" }).waitFor();
        expect(await page.evaluate("document.querySelector('.log').scrollTop")).toBe(before);
        await page.locator(".jump").click();
        await page.locator(".said", { hasText: "line 151" }).waitFor();
        await page.locator(".jump").waitFor({ state: "detached" });
      }),
    60_000,
  );
});
