import { describe, expect } from "bun:test";
import { Browser, type BrowserUser, browser } from "../support/browser.ts";
import { lineClient } from "../support/line-user.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

type Body = (user: BrowserUser, tincan: Tincan) => Promise<void>;

async function withUser(files: readonly string[], body: Body): Promise<void> {
  using folder = new TempFolder();
  for (const name of files) await Bun.write(folder.file(name), name);
  await using tincan = await startTincan([folder.path, "--allow-write", "--history", "forever", "--min-free", "0"]);
  await using chromium = await Browser.launch();
  await body(await chromium.user(tincan.port("http")), tincan);
  expect(chromium.complaints.filter((complaint) => !complaint.includes("409 (Conflict)"))).toEqual([]);
  browser.exchanged();
}

/** Until this has the focus. */
async function hasFocus(user: BrowserUser, selector: string): Promise<void> {
  await user.page.locator(`${selector}:focus`).waitFor();
}

describe("the keyboard", () => {
  browser.test("stays where it was when a field has done its work, or was not wanted", () =>
    withUser([], async (user) => {
      const { page } = user;
      await page.locator(".own-name").focus();
      await page.keyboard.press("Enter");
      await hasFocus(user, ".identity input");
      await page.keyboard.type("ann");
      await page.keyboard.press("Enter");
      await hasFocus(user, ".own-name");
      await page.keyboard.press("Enter");
      await hasFocus(user, ".identity input");
      await page.keyboard.press("Escape");
      await hasFocus(user, ".own-name");

      await page.locator(".topic").focus();
      await page.keyboard.press("Enter");
      await page.keyboard.type("tea");
      await page.keyboard.press("Enter");
      await hasFocus(user, ".topic");

      await page.getByRole("button", { name: "Join a room" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      await hasFocus(user, '[aria-label="Join a room"]');
      await page.keyboard.press("Enter");
      await page.keyboard.type("dev");
      await page.keyboard.press("Enter");
      await hasFocus(user, '[aria-label="Message #dev"]');

      await page.getByRole("button", { name: "Search in #dev" }).focus();
      await page.keyboard.press("Enter");
      await hasFocus(user, ".search input");
      await page.keyboard.press("Escape");
      await hasFocus(user, '.room-head [aria-label="Search in #dev"]');
    }),
  );

  browser.test("goes on with a name while others talk", () =>
    withUser([], async (user) => {
      const { page } = user;
      await page.getByRole("button", { name: "Join a room" }).click();
      await page.keyboard.type("tea-");
      const said = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"text":"hello"}' };
      await fetch(new URL("/api/rooms/lobby/messages", page.url()), said);
      await user.hears("hello");
      await page.keyboard.type("room");
      await page.keyboard.press("Enter");
      await page.locator(".room-head h2", { hasText: "#tea-room" }).waitFor();
    }),
  );

  browser.test("goes into a folder that is opened, and out of it again", () =>
    withUser(["a/b/c.txt", "a/z.txt", "0/y.txt"], async (user) => {
      const { page } = user;
      await page.locator(".filter input").fill("a");
      await user.file("a").locator(".file-main").focus();
      await page.keyboard.press("Enter");
      await hasFocus(user, ".file:has(:text-is('b')) .file-main");
      // What was looked for in the one folder is not looked for in the other.
      expect(await page.locator(".filter input").inputValue()).toBe("");
      await page.keyboard.press("Enter");
      await hasFocus(user, ".file:has(:text-is('c.txt')) .file-main");
      await page.getByRole("link", { name: "All files" }).focus();
      await page.keyboard.press("Enter");
      await hasFocus(user, ".file:has(:text-is('a')) .file-main");
      await user.page.goBack();
      await hasFocus(user, ".file:has(:text-is('c.txt')) .file-main");
      await user.page.goBack();
      await hasFocus(user, ".file:has(:text-is('b')) .file-main");
      // Nobody is taken from elsewhere.
      await user.field.focus();
      await user.page.goBack();
      await user.file("0").waitFor();
      await hasFocus(user, "textarea");
    }),
  );

  browser.test("leaves a list that goes at once, and not row by row", () =>
    withUser(["a.txt", ...Array.from({ length: 40 }, (_, at) => `b/${at}.txt`)], async (user) => {
      const { page } = user;
      await user.file("b").locator(".file-main").click();
      await user.file("0.txt").locator(".file-main").focus();
      await page.evaluate("moves = 0; addEventListener('focusin', () => moves++)");
      await page.goBack();
      await hasFocus(user, ".file:has(:text-is('b')) .file-main");
      expect(await page.evaluate("moves")).toBeLessThan(5);
    }),
  );

  browser.test("is not taken to a conversation that goes on under another name", () =>
    withUser(["a.txt"], async (user, tincan) => {
      using bob = await lineClient({ port: tincan.port("line") }, "bob");
      await user.page.locator(".people button", { hasText: "bob" }).click();
      await hasFocus(user, "[aria-label='Message bob']");
      await user.page.locator(".filter input").focus();
      await bob.user.say("/nick rob");
      await user.page.getByRole("heading", { name: "rob" }).waitFor();
      await hasFocus(user, ".filter input");
    }),
  );

  browser.test("goes on at the first of more files", () =>
    withUser(
      Array.from({ length: 501 }, (_, at) => `${at}.txt`),
      async (user) => {
        await user.page.getByRole("button", { name: "1 more" }).focus();
        await user.page.keyboard.press("Enter");
        await hasFocus(user, ".file:has(:text-is('500.txt')) .file-main");
      },
    ),
  );

  browser.test("goes to what is around a button that has gone, or to where it was before", () =>
    withUser([], async (user) => {
      const { page } = user;
      const press = async (name: string) => {
        await page.getByRole("button", { name, exact: true }).first().focus();
        await page.keyboard.press("Enter");
      };
      // Where it was from the start, too.
      await user.say("/quit");
      await press("Come back");
      await page.locator(".status", { hasText: "Connected again" }).waitFor();
      await hasFocus(user, "textarea");
      await user.say("/quit");
      await page.getByRole("button", { name: "Come back" }).click();
      await page.locator(".status", { hasText: "Connected again" }).waitFor();
      await hasFocus(user, "textarea");

      using local = new TempFolder();
      await Bun.write(local.file("a.txt"), "a");
      await user.drop(".pane.files", local.file("a.txt"));
      await user.upload("a.txt").locator("text=checked").waitFor();
      await Bun.write(local.file("a.txt"), "other");
      await user.drop(".pane.files", local.file("a.txt"));
      await press("Keep both");
      await hasFocus(user, ".upload button");
      await user.upload("a (2).txt").locator("text=checked").waitFor();
      await press("Dismiss");
      await hasFocus(user, ".upload [aria-label='Dismiss']");
      await press("Clear finished");
      await hasFocus(user, ".pane.files a");

      await user.say(`${"line\n".repeat(60)}end`);
      await user.hears("end");
      await page.locator(".log").focus();
      await page.keyboard.press("Home");
      await page.locator(".jump").focus();
      await page.keyboard.press("Enter");
      await hasFocus(user, ".log");

      // Who has left it for nothing has it nowhere.
      await page.locator(".own-name").focus();
      await page.evaluate("document.activeElement.blur()");
      await page.evaluate("document.querySelector('.own-name').remove()");
      expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
    }),
  );

  browser.test("begins in the first field of a dialog", () =>
    withUser([], async (user) => {
      await user.page.getByRole("button", { name: "Log in" }).click();
      await hasFocus(user, "dialog input[name=user]");
      await user.page.keyboard.press("Escape");
      await hasFocus(user, '[aria-label="Log in"]');
    }),
  );

  browser.test("goes on with the next file when one is deleted", () =>
    withUser(["a.txt", "b.txt", "c.txt"], async (user) => {
      const { page } = user;
      await user.file("b.txt").getByRole("button", { name: "More" }).click();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await user.file("b.txt").waitFor({ state: "detached" });
      await hasFocus(user, ".file:has(:text-is('c.txt')) .file-main");
    }),
  );
});
