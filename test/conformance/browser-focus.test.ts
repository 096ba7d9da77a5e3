import { describe, expect } from "bun:test";
import { Browser, type BrowserUser, browser } from "../support/browser.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

async function withUser(files: readonly string[], body: (user: BrowserUser) => Promise<void>): Promise<void> {
  using folder = new TempFolder();
  for (const name of files) await Bun.write(folder.file(name), name);
  await using tincan = await startTincan([folder.path, "--allow-write", "--history", "forever", "--min-free", "0"]);
  await using chromium = await Browser.launch();
  await body(await chromium.user(tincan.port("http")));
  expect(chromium.complaints).toEqual([]);
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
