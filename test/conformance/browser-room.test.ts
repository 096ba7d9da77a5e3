import { describe, expect } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
import { client } from "../support/clients.ts";
import { LineUser, lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

const nc = client("nc");
const curl = client("curl");
const host = "127.0.0.1";

/** Does something again and again until it is disposed of. */
function repeat(work: () => Promise<unknown>): AsyncDisposable {
  let isOn = true;
  const working = (async () => {
    while (isOn) await work();
  })();
  return {
    async [Symbol.asyncDispose]() {
      isOn = false;
      await working;
    },
  };
}

describe("one room and one folder", () => {
  browser.test("two browsers, a netcat and an FTP client share them", async () => {
    using folder = new TempFolder();
    using local = new TempFolder();
    await using tincan = await startTincan([folder.path, "--allow-upload", "--min-free", "0"]);
    await using chromium = await Browser.launch();
    const port = tincan.port("http");
    const ann = await chromium.user(port);
    const eve = await chromium.user(port, { viewport: { width: 360, height: 640 } });
    await using netcat = new Program([nc.path, host, String(tincan.port("line"))]);
    const nat = await LineUser.at(netcat).isCalled("nat");

    await ann.page.locator(".own-name").click();
    await ann.page.getByLabel("Your name").fill("ann");
    await ann.page.keyboard.press("Enter");
    await nat.hears("ann");
    await ann.say("hello from a browser");
    await nat.hears("ann: hello from a browser");
    await eve.hears("hello from a browser");
    await nat.say("and from netcat: http://127.0.0.1:8480/x?y=1");
    await ann.hears("and from netcat");
    const link = ann.page.getByRole("link", { name: "http://127.0.0.1:8480/x?y=1" });
    expect(await link.getAttribute("rel")).toContain("noopener");
    await eve.say("/me waves from a phone");
    await nat.hears("waves from a phone");

    // A file that is dropped on the conversation is told there, and is in the other's list.
    await Bun.write(local.file("from ann.txt"), "dropped");
    await ann.drop(".pane.talk", local.file("from ann.txt"));
    // Once, by the server, and by her name there.
    expect(await nat.hears("from%20ann.txt")).toStartWith('-- ann uploaded "from ann.txt" (7 B); get it: ');
    await ann.hears("ann added");
    const told = ann.page.locator(".announced");
    expect((await told.innerText()).split(/\s{2,}|\n/)).toEqual(["from ann.txt", "7 B"]);
    await told.getByRole("link").click();
    await ann.page.locator("dialog pre", { hasText: "dropped" }).waitFor();
    await ann.page.keyboard.press("Escape");
    await ann.upload("from ann.txt").locator("text=checked").waitFor();
    await eve.page.getByRole("button", { name: "Files", exact: true }).click();
    await eve.file("from ann.txt").waitFor();

    // One that comes by FTP is in both lists at once.
    const upload = await run([curl.path, "-sS", "-T", "-", `ftp://${host}:${tincan.port("ftp")}/by%20ftp.txt`], {
      input: "over FTP",
    });
    expect(upload.code).toBe(0);
    expect(await Bun.file(folder.file("by ftp.txt")).text()).toBe("over FTP");
    for (const user of [ann, eve]) await user.file("by ftp.txt").waitFor();
    await ann.hears("Somebody by FTP added");
    await eve.file("by ftp.txt").locator(".file-main").click();
    await eve.page.locator("dialog pre", { hasText: "over FTP" }).waitFor();

    expect(chromium.complaints).toEqual([]);
    browser.exchanged(6);
    nc.exchanged(3);
    curl.exchanged();
  });

  browser.test("a flood of words does not stop the page", async () => {
    await using tincan = await startTincan(["--doors", "http,line", "--chat-rate", "0"]);
    await using chromium = await Browser.launch();
    using bob = await lineClient({ host, port: tincan.port("line") }, "bob");
    const ann = await chromium.user(tincan.port("http"));
    await bob.user.say(Array.from({ length: 1_500 }, (_, at) => `word ${at}`).join("\n"));
    await ann.hears("word 1499");
    browser.exchanged();
  });

  browser.test("one leaves the bottom of a room where words never stop, and comes back to it", async () => {
    await using tincan = await startTincan(["--doors", "http,line", "--chat-rate", "0"]);
    await using chromium = await Browser.launch();
    using bob = await lineClient({ host, port: tincan.port("line") }, "bob");
    const { page } = await chromium.user(tincan.port("http"));
    await bob.user.say("word\n".repeat(100));
    // Until they are drawn there is nothing to leave.
    await page.locator(".log").getByText("word", { exact: true }).nth(99).waitFor();
    // Faster than a browser begins to scroll smoothly.
    await using _talk = repeat(() =>
      Promise.all([bob.user.say("word"), page.evaluate("new Promise(requestAnimationFrame)")]),
    );
    const jump = page.locator(".jump");
    const log = page.locator(".log");
    for (const key of ["Home", "PageUp", "Shift+Space"]) {
      await log.focus();
      await page.keyboard.press(key);
      await jump.waitFor();
      await page.keyboard.press("End");
      await jump.waitFor({ state: "detached" });
    }
    await log.hover();
    await page.mouse.wheel(0, -400);
    await jump.waitFor();
    browser.exchanged();
  });

  browser.test("one of many that is shown is in sight among the others", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"), { viewport: { width: 1280, height: 400 } });
    const name = (room: string) => user.page.locator(".entry-main[aria-current]", { hasText: room });
    for (let at = 0; at < 12; at++) {
      await user.say(`/join room${at}`);
      await name(`room${at}`).waitFor();
    }
    const list = await user.page.locator(".sidebar-lists").boundingBox();
    const entry = await name("room11").boundingBox();
    expect((entry?.y ?? 400) + (entry?.height ?? 0)).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0));
    browser.exchanged();
  });

  browser.test("what comes while another part of the page is shown is marked", async () => {
    await using tincan = await startTincan(["--doors", "http,line"]);
    await using chromium = await Browser.launch();
    using bob = await lineClient({ host, port: tincan.port("line") }, "bob");
    const { page } = await chromium.user(tincan.port("http"), { viewport: { width: 360, height: 640 } });
    const [rooms, chat, files] = [0, 1, 2].map((at) => page.locator(".tab").nth(at));
    await files?.click();
    await bob.user.say("anybody here?");
    await chat?.locator(".dot").waitFor();
    expect(await page.title()).toStartWith("(1)");
    await rooms?.click();
    await page.locator(".badge", { hasText: "1" }).waitFor();
    await page.getByRole("button", { name: "lobby" }).click();
    await page.locator(".divider.new").waitFor();
    await chat?.locator(".dot").waitFor({ state: "detached" });
    browser.exchanged();
  });
});
