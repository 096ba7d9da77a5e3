import { describe, expect } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";
import { plant } from "../support/tree.ts";

describe("the page finds its server", () => {
  browser.test("below a prefix, and beside somebody's own site", async () => {
    using folder = new TempFolder();
    plant(folder.path, { "share/notes.txt": Buffer.from("hello"), "site/index.html": Buffer.from("<h1>my own</h1>") });
    const [share, site] = [folder.file("share"), folder.file("site")];
    await using chromium = await Browser.launch();
    const places = [
      { flags: ["--path-prefix", "/chat"], path: "/chat" },
      { flags: ["--site", site], path: "/tincan" },
      { flags: ["--site", site, "--path-prefix", "/a/b"], path: "/a/b/tincan/" },
    ];
    for (const { flags, path } of places) {
      await using tincan = await startTincan([share, "--doors", "http", "--allow-upload", "--min-free", "0", ...flags]);
      const user = await chromium.user(tincan.port("http"), { path });
      await user.say("hello");
      await user.hears("hello");
      await user.file("notes.txt").locator(".file-main").click();
      await user.page.locator("dialog pre", { hasText: "hello" }).waitFor();
      expect(new URL(user.page.url()).pathname).toBe(path.endsWith("/") ? path : `${path}/`);
      await user.context.close();
      browser.exchanged();
    }
    expect(chromium.complaints).toEqual([]);
  });
});
