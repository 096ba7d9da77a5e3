import { describe, expect } from "bun:test";
import { networkInterfaces } from "node:os";
import { Browser, browser } from "../support/browser.ts";
import { until } from "../support/deadline.ts";
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

  const lan = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;

  browser.test("from another machine without https, where browsers hash and copy nothing by themselves", async () => {
    if (lan === undefined) return;
    using folder = new TempFolder();
    using local = new TempFolder();
    await Bun.write(local.file("a.bin"), "bytes");
    const flags = ["--doors", "http", "--host", lan, "--allow-upload", "--min-free", "0"];
    await using tincan = await startTincan([folder.path, ...flags]);
    await using chromium = await Browser.launch();
    const user = await chromium.user(tincan.port("http"), { host: lan });
    expect(await user.page.evaluate("isSecureContext")).toBe(false);
    await user.drop(".pane.files", local.file("a.bin"));
    await user.upload("a.bin").locator("text=checked").waitFor();
    await user.file("a.bin").getByRole("button", { name: "Share a.bin" }).click();
    await user.page.getByRole("button", { name: "Copy: curl" }).click();
    await user.page.getByText("Copied").waitFor();
    await user.page.keyboard.press("Escape");
    // The keyboard goes back to where it was.
    await user.page.locator('[aria-label="Share a.bin"]:focus').waitFor();
    // Beside other browsers Chromium now and then pastes nothing at first.
    await until(async () => {
      await user.field.fill("");
      await user.field.press("Control+V");
      return (await user.field.inputValue()) !== "";
    }, "what was copied");
    expect(await user.field.inputValue()).toBe(`curl -fO http://${lan}:${tincan.port("http")}/files/a.bin`);
    expect(chromium.complaints).toEqual([]);
    browser.exchanged();
  });

  browser.test("on the server's own machine it shares addresses that others can use, and says who can", async () => {
    if (lan === undefined) return;
    using folder = new TempFolder();
    using local = new TempFolder();
    for (const name of ["a.bin", "b.bin"]) await Bun.write(local.file(name), "bytes");
    await using chromium = await Browser.launch();
    const flags = ["--doors", "http", "--allow-upload", "--min-free", "0", "--path-prefix", "/my"];
    for (const [host, shared, hint] of [
      ["0.0.0.0", lan, `there this computer is ${lan}`],
      ["127.0.0.1", "127.0.0.1", "Only on this computer"],
    ] as const) {
      await using tincan = await startTincan([folder.path, ...flags, "--host", host]);
      const port = tincan.port("http");
      const root = `http://${shared}:${port}/my/`;
      const me = async (at: string) => (await (await fetch(`http://${at}:${port}/my/api/me`)).json()) as object;
      expect(await me("127.0.0.1")).toMatchObject({ addresses: host === "0.0.0.0" ? [root] : [] });
      if (host === "0.0.0.0") expect(await me(lan)).toMatchObject({ addresses: null });
      const user = await chromium.user(port, { path: "/my/" });
      await user.say("/join #dev");
      await user.page.locator("h2", { hasText: "#dev" }).waitFor();
      const name = host === "0.0.0.0" ? "a.bin" : "b.bin";
      await user.drop(".pane.talk", local.file(name));
      await user.hears(`${root}files/${name}`);
      await user
        .file(name)
        .getByRole("button", { name: `Share ${name}` })
        .click();
      expect(await user.page.locator(".way code").first().innerText()).toBe(`${root}files/${name}`);
      await user.page.locator("dialog", { hasText: hint }).waitFor();
      await user.picture(`share-${host}`);
      await user.context.close();
    }
    expect(chromium.complaints).toEqual([]);
    browser.exchanged(2);
  });
});
