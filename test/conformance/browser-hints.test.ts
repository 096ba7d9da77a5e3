import { describe } from "bun:test";
import { Browser, browser } from "../support/browser.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

describe("the page says what is not to be seen", () => {
  browser.test("an empty share that is only read tells its owner how files can be added", async () => {
    using folder = new TempFolder();
    await using tincan = await startTincan([folder.path, "--doors", "http"]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"));
    await user.page.getByText("Files can be added here after: tincan serve DIR --allow-upload").waitFor();
    browser.exchanged(1);
  });
});
