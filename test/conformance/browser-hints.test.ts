import { describe, expect } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
import { PageChat } from "../support/page-chat.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

describe("the page shows", () => {
  browser.test("how files can be added, to whom shares a folder that is empty and only read", async () => {
    using folder = new TempFolder();
    await using tincan = await startTincan([folder.path, "--doors", "http"]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    await user.page.getByText("Files can be added here after: tincan serve DIR --allow-upload").waitFor();
    browser.exchanged(1);
  });

  browser.test("which rooms there are, before one is joined", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    using bob = await PageChat.open(tincan.port("http"), { name: "bob" });
    using eve = await PageChat.open(tincan.port("http"), { name: "eve" });
    await bob.chat.join("#small");
    for (const { chat } of [bob, eve]) await chat.join("#large");
    await using chromium = await Browser.launch();
    const { page } = await chromium.user(tincan.port("http"));
    await page.getByRole("button", { name: "Join a room" }).click();
    const offered = page.locator(".other-rooms .entry");
    await offered.first().waitFor();
    expect(await offered.locator(".entry-name").allInnerTexts()).toEqual(["#\nlarge", "#\nsmall"]);
    await offered.getByText("small").click();
    await page.getByRole("heading", { name: "#small" }).waitFor();
    await offered.first().waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "#small" }).waitFor();
    browser.exchanged(3);
  });

  browser.test("what is chosen, where the system chooses the colours", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"), { forcedColors: "active" });
    await user.field.fill("/");
    const framed = () => user.page.locator("[aria-selected='true'], [aria-current='true']");
    await framed().nth(1).waitFor();
    const outlines = await user.page.evaluate<string[]>(
      '[...document.querySelectorAll("[aria-selected=true], [aria-current=true]")].map((one) => getComputedStyle(one).outlineStyle)',
    );
    expect(outlines).toEqual(["solid", "solid"]);
    browser.exchanged(1);
  });

  browser.test("that what was said is still on its way", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using chromium = await Browser.launch();
    const { page } = await chromium.user(tincan.port("http"));
    await page.getByText("Nothing was said here yet").waitFor();
    // A server that is far away: it has not answered yet.
    await page.routeWebSocket("**/ws", () => {});
    await page.reload();
    await page.locator(".log").getByText("Loading…").waitFor();
    browser.exchanged(1);
  });

  browser.test("which messages name one, but not what is private anyway", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    await user.say("/nick ann");
    await user.say("I am ann");
    using bob = await PageChat.open(tincan.port("http"), { name: "bob" });
    for (const text of ["hello ANN!", "annexed"]) bob.chat.outbox.say("#lobby", "say", text);
    await user.hears("annexed");
    expect(await user.page.locator(".said.called").allInnerTexts()).toEqual(["hello ANN!"]);
    await user.say("/msg bob and here?");
    await bob.chat.ask("tell", { to: "ann", text: "ann, in private" });
    await user.hears("ann, in private");
    expect(await user.page.locator(".said.called").count()).toBe(0);
    // Few words stand at the bottom here as well.
    const [log, last] = await Promise.all([
      user.page.locator(".log").boundingBox(),
      user.page.locator(".said").last().boundingBox(),
    ]);
    expect((log?.y ?? 0) + (log?.height ?? 0) - ((last?.y ?? 0) + (last?.height ?? 0))).toBeLessThan(40);
    browser.exchanged(2);
  });
});
