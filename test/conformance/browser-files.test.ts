import { describe, expect } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Browser, browser } from "../support/browser.ts";
import { until } from "../support/deadline.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { plant } from "../support/tree.ts";

/** A picture of one pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A tenth of a second of silence: 8 kHz, one channel, 8 bits. */
function wav(): Buffer {
  const samples = 800;
  const head = Buffer.from(
    "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0",
    "latin1",
  );
  head.writeUInt32LE(36 + samples, 4);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

const BAD = `"><img src=x onerror=document.title='pwned'>.txt`;

describe("the files in the page", () => {
  browser.test(
    "are listed, sorted, filtered, looked at, renamed and deleted",
    async () => {
      using folder = new TempFolder();
      plant(folder.path, {
        "a10.txt": Buffer.from("ten"),
        "a9.txt": Buffer.from("nine is longer"),
        "pic.png": PNG,
        "broken.png": Buffer.from("no picture"),
        "tone.wav": wav(),
        "page.html": Buffer.from("<script>parent.document.title='pwned'</script><h1>hello</h1>"),
        [BAD]: Buffer.from("<b>bold</b>"),
        "图/内.txt": Buffer.from("内容"),
      });
      await using tincan = await startTincan([folder.path, "--allow-write", "--min-free", "0"]);
      await using chromium = await Browser.launch();
      const user = await chromium.user(tincan.port("http"));
      const { page } = user;
      const names = () => page.locator(".file-name").allInnerTexts();
      await user.file("a10.txt").waitFor();
      expect(await names()).toEqual(["图", BAD, "a9.txt", "a10.txt", "broken.png", "page.html", "pic.png", "tone.wav"]);
      await page.getByRole("button", { name: "Sort by Size" }).click();
      expect((await names()).slice(0, 2)).toEqual(["图", "tone.wav"]);
      await page.getByRole("searchbox", { name: "Filter" }).fill("A txt");
      expect(await names()).toEqual(["a9.txt", "a10.txt"]);
      await page.getByRole("searchbox", { name: "Filter" }).fill("");

      for (const name of ["page.html", BAD]) {
        await user.file(name).locator(".file-main").click();
        await page.locator("dialog pre").waitFor();
        expect(await page.locator("dialog h1, dialog b, dialog script").count()).toBe(0);
        await page.keyboard.press("Escape");
      }
      await user.file("broken.png").locator(".file-main").click();
      await page.getByText("This file cannot be shown here").waitFor();
      await page.keyboard.press("Escape");
      await user.file("pic.png").locator(".file-main").click();
      await until(() => page.evaluate("document.querySelector('dialog img')?.naturalWidth === 1"), "the picture");
      // In the order of the list, which is by size.
      await page.keyboard.press("ArrowRight");
      await page.locator("dialog pre").waitFor();
      await page.keyboard.press("Escape");
      await user.file("tone.wav").locator(".file-main").click();
      await page.locator("dialog audio").waitFor();
      await until(() => page.evaluate("document.querySelector('dialog audio').duration > 0.05"), "the sound");
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });

      await user.file("图").locator(".file-main").click();
      await user.file("内.txt").waitFor();
      await page.getByRole("button", { name: "New folder" }).click();
      await page.keyboard.type("..");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: '".." is not a name' }).waitFor();
      await page.keyboard.press("Control+A");
      await page.keyboard.type("new one");
      await page.keyboard.press("Enter");
      await user.file("new one").waitFor();
      const act = async (name: string, action: string) => {
        await user
          .file(name)
          .getByRole("button", { name: `More for ${name}` })
          .click();
        await page.locator("dialog").getByRole("button", { name: action }).click();
      };
      await act("内.txt", "Rename");
      // All but the ending is selected.
      await page.keyboard.type("外 & 50%");
      await page.keyboard.press("Enter");
      await user.file("外 & 50%.txt").waitFor();
      await act("new one", "Delete");
      await page.locator("dialog .danger").click();
      await user.file("new one").waitFor({ state: "detached" });
      expect(existsSync(join(folder.path, "图/外 & 50%.txt"))).toBe(true);

      await user.file("外 & 50%.txt").getByRole("button", { name: "Share 外" }).click();
      const curl = await page.locator(".way code").nth(1).innerText();
      await page.locator(".qr").waitFor();
      using fetched = new TempFolder();
      await run(["sh", "-c", curl.replace("curl ", "curl -sS ")], { cwd: fetched.path });
      expect(await Bun.file(fetched.file("外 & 50%.txt")).text()).toBe("内容");
      const get = await page.locator(".way code").nth(3).innerText();
      using elsewhere = new TempFolder();
      await run(["sh", "-c", get.replace(/^tincan/, TINCAN)], { cwd: elsewhere.path });
      expect(await Bun.file(elsewhere.file("外 & 50%.txt")).text()).toBe("内容");
      const download = page.waitForEvent("download");
      await page.keyboard.press("Escape");
      await act("外 & 50%.txt", "Share");
      await page.keyboard.press("Escape");
      await user.file("外 & 50%.txt").getByRole("button", { name: "More for" }).click();
      await page.locator("dialog").getByRole("link", { name: "Download" }).click();
      expect((await download).suggestedFilename()).toBe("外 & 50%.txt");

      rmSync(join(folder.path, "图"), { recursive: true });
      expect(await page.title()).not.toContain("pwned");
      expect(chromium.complaints).toEqual([]);
      browser.exchanged(5);
    },
    60_000,
  );

  browser.test("are changed by who may, and by others only where they are their own", async () => {
    using folder = new TempFolder();
    using local = new TempFolder();
    plant(folder.path, { "other.txt": Buffer.from("another's") });
    await Bun.write(local.file("own.txt"), "one's own");
    await using tincan = await startTincan([folder.path, "--allow-upload", "--min-free", "0"]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    const { page } = user;
    await user.drop(".pane.files", local.file("own.txt"));
    await user.upload("own.txt").locator("text=checked").waitFor();
    for (const [name, count] of [
      ["other.txt", 0],
      ["own.txt", 1],
    ] as const) {
      await user.file(name).getByRole("button", { name: "More for" }).click();
      await page.locator("dialog").getByRole("button", { name: "Share" }).waitFor();
      expect(await page.locator("dialog").getByRole("button", { name: "Delete" }).count()).toBe(count);
      await page.keyboard.press("Escape");
    }
    // What the server refuses all the same is said, and that an account could help.
    await page.route("**/files/own.txt", (route) => {
      const error = { code: "login-needed", message: "nothing may be deleted here; log in" };
      return route.fulfill({ status: 401, json: { error } });
    });
    await user.file("own.txt").getByRole("button", { name: "More for" }).click();
    await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator("dialog").getByRole("alert").waitFor();
    await page.locator("dialog").getByRole("button", { name: "Log in" }).click();
    await page.getByLabel("Password").waitFor();
    browser.exchanged();
  });

  browser.test("belong to who logs in", async () => {
    using folder = new TempFolder();
    plant(folder.path, { "secret.txt": Buffer.from("hush") });
    await using tincan = await startTincan([folder.path, "--deny-read", "--allow-upload", "--min-free", "0"]);
    const state = ["--state-dir", tincan.folder.file("state")];
    const added = await run([TINCAN, "user", "add", "ann", "--allow", "read,upload", ...state], {
      input: "open sesame\n",
    });
    expect(added).toMatchObject({ code: 0 });
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    const { page } = user;
    await page.locator(".notice").getByRole("button", { name: "Log in" }).click();
    await page.getByLabel("User").fill("ann");
    await page.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await page.locator("dialog").getByRole("alert").waitFor();
    await page.getByLabel("Password").fill("open sesame");
    await page.keyboard.press("Enter");
    await user.file("secret.txt").waitFor();
    await page.getByText("Logged in as ann").waitFor();
    // Another tab of the same browser has the same login, and hears of its end.
    const other = await user.context.newPage();
    await other.goto(page.url());
    await other.getByText("Logged in as ann").waitFor();
    // Who could not be logged out is told so.
    await page.route("**/api/logout", (route) => route.abort());
    await page.getByRole("button", { name: "Log out" }).click();
    await user.hears("Connection lost");
    await page.unroute("**/api/logout");
    await page.getByRole("button", { name: "Log out" }).click();
    await other.getByRole("button", { name: "Log in" }).first().waitFor();
    await other.getByText("Logged in as ann").waitFor({ state: "detached" });
    await other.locator(".own-name", { hasText: "guest" }).waitFor();
    await other.close();
    await user.file("secret.txt").waitFor({ state: "detached" });
    await until(async () => (await page.locator(".notice").count()) === 1, "the list to be gone");
    expect(chromium.complaints.filter((text) => !/40[13]/.test(text))).toEqual([]);
    browser.exchanged();
  });

  browser.test("a picture that was replaced is shown as it is now", async () => {
    using folder = new TempFolder();
    plant(folder.path, { "pic.png": PNG });
    await using tincan = await startTincan([folder.path, "--allow-write", "--min-free", "0"]);
    await using chromium = await Browser.launch();
    const { page } = await chromium.user(tincan.port("http"));
    const shows = async (what: string) => {
      await page.locator(".file-main").click();
      await until(() => page.evaluate(`document.querySelector("dialog img")?.naturalWidth ${what}`), `${what} px`);
      await page.keyboard.press("Escape");
    };
    await shows("=== 1");
    const other = Bun.file(join(import.meta.dir, "../../docs/page-light.png"));
    const url = `http://127.0.0.1:${tincan.port("http")}/files/pic.png?overwrite`;
    expect((await fetch(url, { method: "PUT", body: other })).status).toBe(204);
    await page.locator(".file-facts", { hasText: "kB" }).waitFor();
    await shows("> 1");
    browser.exchanged();
  });
});
