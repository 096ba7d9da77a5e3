import { describe, expect } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
import { lineClient } from "../support/line-user.ts";
import { Relay } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

describe("what others have written", () => {
  browser.test("cannot turn itself around, nor hide anything", async () => {
    using folder = new TempFolder();
    await Bun.write(folder.file("photo\u202egnp.exe"), "no picture");
    await using tincan = await startTincan([folder.path, "--allow-write", "--min-free", "0"]);
    using bob = await lineClient({ host: "127.0.0.1", port: tincan.port("line") }, "bob");
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    const { page } = user;

    await bob.user.say("safe \u202egpj.exe, see http://127.0.0.1/\u200bx and \u{e0041}");
    await user.hears("safe");
    const [said] = await page.locator(".said").allInnerTexts();
    expect(said).toBe("safe \\u202egpj.exe, see http://127.0.0.1/\\u200bx and \\u{e0041}");
    expect(await page.locator(".said a").getAttribute("href")).toBe("http://127.0.0.1/");

    const shown = "photo\\u202egnp.exe";
    await user
      .file(shown)
      .getByRole("button", { name: `More for ${shown}` })
      .click();
    await page.locator("dialog h2", { hasText: shown }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.locator(".confirm", { hasText: shown }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await user.file(shown).waitFor({ state: "detached" });
    expect(await Bun.file(folder.file("photo\u202egnp.exe")).exists()).toBe(false);

    expect(chromium.complaints).toEqual([]);
    browser.exchanged(2);
  });

  browser.test("covers nothing of what stands around it", async () => {
    await using tincan = await startTincan(["--doors", "http,line"]);
    using bob = await lineClient({ host: "127.0.0.1", port: tincan.port("line") }, "bob");
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    const tower = "\u0300".repeat(60);
    await bob.user.say("the line above");
    await bob.user.say(`x${tower} marks`);
    await bob.user.say(`/me y${tower} marks`);
    await user.hears("the line above");
    await user.page.locator(".other", { hasText: "marks" }).waitFor();
    const marks = user.page.locator(".said, .other-words", { hasText: "marks" });
    expect(await marks.count()).toBe(2);
    const above = user.page.locator(".said", { hasText: "the line above" });
    const beside = await above.screenshot();
    await marks.evaluateAll((all) => {
      for (const one of all) one.style.visibility = "hidden";
    });
    expect((await above.screenshot()).equals(beside)).toBe(true);
    browser.exchanged(2);
  });

  browser.test("is marked where a server that was killed has not kept it", async () => {
    using state = new TempFolder();
    const kept = ["--doors", "http", "--history", "7d", "--state-dir", state.file("state")];
    const first = await startTincan(kept);
    await using relay = await Relay.start(first.port("http"));
    await using chromium = await Browser.launch();
    const user = await chromium.user(relay.port);
    await user.say("kept");
    await user.hears("kept");
    await fetch(`http://127.0.0.1:${first.port("http")}/api/rooms/lobby/search?text=on+the+disk`);
    await user.say("lost");
    await user.page.locator(".said:not(.pending)", { hasText: "lost" }).waitFor();
    await first.stop("SIGKILL").catch(() => {});
    await first[Symbol.asyncDispose]();
    await using second = await startTincan(kept);
    relay.to = second.port("http");
    await user.page.locator(".status", { hasText: "does not remember all" }).waitFor();
    await user.page.locator(".broken", { hasText: "before it could keep the last words above" }).waitFor();
    browser.exchanged(2);
  });
});
