import { describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import type { BrowserContextOptions } from "playwright-core";
import { Browser, type BrowserUser, browser } from "../support/browser.ts";
import { lineClient } from "../support/line-user.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";
import { plant } from "../support/tree.ts";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  "desktop-light": { ...DESKTOP, colorScheme: "light" },
  "desktop-dark": { ...DESKTOP, colorScheme: "dark" },
  "phone-light": { ...PHONE, colorScheme: "light" },
  "phone-dark": { ...PHONE, colorScheme: "dark" },
  "desktop-chinese": { ...DESKTOP, colorScheme: "light", locale: "zh-CN" },
};

/** What axe finds that would keep somebody out: a sentence for each. The page's policy lets no script in but its own. */
async function barriers(user: BrowserUser): Promise<readonly string[]> {
  const devtools = await user.context.newCDPSession(user.page);
  const run = async (expression: string) => {
    const { result } = await devtools.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    return result.value;
  };
  await run(AXE);
  const found = await run(`axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary)))`);
  await devtools.detach();
  return found as readonly string[];
}

describe("the page", () => {
  browser.test(
    "looks as it should, and keeps nobody out, in both themes, on a desktop and on a phone, in two languages",
    async () => {
      using folder = new TempFolder();
      const bytes = Buffer.from("hello");
      const long = "a rather long name of a file that has to be cut.tar.gz";
      plant(folder.path, { "notes.txt": bytes, [long]: bytes, photos: null, 会议记录: null });
      await using tincan = await startTincan([folder.path, "--allow-write", "--min-free", "0"]);
      await using chromium = await Browser.launch();
      using bob = await lineClient({ host: "127.0.0.1", port: tincan.port("line") }, "bob");
      await bob.user.say("morning, did the build come through? http://127.0.0.1:8480/files/notes.txt");
      await bob.user.say("/me waves");
      await bob.user.say("/topic release week");
      for (const [name, look] of Object.entries(looks)) {
        const user = await chromium.user(tincan.port("http"), look);
        const { page } = user;
        await user.say("I am having a look");
        await user.hears("I am having a look");
        const isPhone = "isMobile" in look;
        await user.field.fill("/");
        await page.getByRole("listbox").waitFor();
        await user.picture(`${name}-completions`);
        expect({ name, barriers: await barriers(user) }).toEqual({ name, barriers: [] });
        await user.field.fill("");
        for (const [tab, at] of Object.entries(isPhone ? { chat: 1, rooms: 0, files: 2 } : { all: 0 })) {
          if (isPhone) await page.locator(".tab").nth(at).tap();
          if (tab !== "rooms" && tab !== "chat") await user.file("notes.txt").waitFor();
          await user.picture(`${name}-${tab}`);
          expect({ name, tab, barriers: await barriers(user) }).toEqual({ name, tab, barriers: [] });
        }
        for (const dialog of ["share", "actions"]) {
          await user
            .file("notes.txt")
            .locator(".icon-button")
            .nth(dialog === "share" ? 0 : 1)
            .click();
          await page.locator("dialog").waitFor();
          await user.picture(`${name}-${dialog}`);
          // A camera has to read it.
          if (dialog === "share") expect((await page.locator(".qr").boundingBox())?.width).toBeGreaterThan(150);
          expect({ name, dialog, barriers: await barriers(user) }).toEqual({ name, dialog, barriers: [] });
          await page.keyboard.press("Escape");
          await page.locator("dialog").waitFor({ state: "detached" });
        }
        if (isPhone) await page.locator(".tab").nth(1).tap();
        await user.say(`/join #${"r".repeat(63)}`);
        await page.getByRole("heading", { name: "#rrr" }).waitFor();
        // Who was writing goes on.
        await page.locator("textarea:focus").waitFor();
        await user.picture(`${name}-long-name`);
        // No part is wider than the screen.
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        await user.context.close();
      }
      expect(chromium.complaints).toEqual([]);
      browser.exchanged(looks ? Object.keys(looks).length : 0);
    },
    120_000,
  );

  browser.test("wears the theme that was chosen, also after it was loaded anew", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using chromium = await Browser.launch();
    const { page } = await chromium.user(tincan.port("http"), { colorScheme: "light" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.getByRole("button", { name: "Theme: as the system" }).click();
    expect(await ground()).toBe(light);
    await page.getByRole("button", { name: "Theme: light" }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    expect(await ground()).toBe(dark);
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("heading", { name: "房间" }).waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("zh-CN");
    browser.exchanged();
  });

  browser.test(
    "keeps nobody out of what is shown without it: errors, folders, the description of the data",
    async () => {
      using folder = new TempFolder();
      plant(folder.path, { "a/b/c.txt": Buffer.from("hello") });
      await using tincan = await startTincan([folder.path, "--doors", "http"]);
      await using chromium = await Browser.launch();
      for (const colorScheme of ["light", "dark"] as const) {
        const user = await chromium.user(tincan.port("http"), { colorScheme });
        for (const path of ["nothing", "files/nothing.txt", "files/", "files/a/b/", "api"]) {
          await user.page.goto(`http://127.0.0.1:${tincan.port("http")}/${path}`);
          await user.picture(`${path.replaceAll("/", "-")}-${colorScheme}`);
          expect({ path, barriers: await barriers(user) }).toEqual({ path, barriers: [] });
        }
      }
      browser.exchanged(2);
    },
  );
});
