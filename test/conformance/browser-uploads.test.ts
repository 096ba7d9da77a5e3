import { describe, expect } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Browser, browser } from "../support/browser.ts";
import { until } from "../support/deadline.ts";
import { Mortal } from "../support/mortal.ts";
import { run } from "../support/program.ts";
import { Random, SEED } from "../support/random.ts";
import { Gate, Relay } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** Bytes that no part of repeats another. */
function noise(size: number): Uint8Array {
  const random = new Random(SEED);
  const words = new Uint32Array(size / 4).map(() => random.below(2 ** 32));
  return new Uint8Array(words.buffer);
}

async function withShare(
  body: (o: { share: string; local: TempFolder; server: Mortal; relay: Relay; chromium: Browser }) => Promise<void>,
) {
  using share = new TempFolder();
  using local = new TempFolder();
  await using server = await Mortal.start(share.path, "http");
  await using relay = await Relay.start(server.port);
  await using chromium = await Browser.launch();
  await body({ share: share.path, local, server, relay, chromium });
  browser.exchanged();
}

describe("uploading in the page", () => {
  browser.test(
    "goes on by itself when the server was killed in the middle, and so does the chat",
    () =>
      withShare(async ({ share, local, server, relay, chromium }) => {
        const bytes = noise(40 * MIB);
        await Bun.write(local.file("big.bin"), bytes);
        const user = await chromium.user(relay.port);
        await user.say("before");
        const gate = new Gate("client", 21 * MIB);
        relay.gate = gate;
        await user.drop(".pane.files", local.file("big.bin"));
        await gate.reached;
        await server.kill();
        relay.lose("server");
        await user.page.locator(".status", { hasText: "Connection lost" }).waitFor();
        await user.upload("big.bin").locator("text=trying again").waitFor();
        await user.say("while it was away");
        await user.picture("server-away");
        await server.start();
        relay.to = server.port;
        relay.gate = null;
        await user.page.locator(".status", { hasText: "Connected again" }).waitFor();
        await user.upload("big.bin").locator("text=checked").waitFor();
        expect(sha256(readFileSync(join(share, "big.bin")))).toBe(sha256(bytes));
        expect(await user.upload("big.bin").locator(".upload-hash").getAttribute("title")).toBe(sha256(bytes));
        await user.file("big.bin").waitFor();
        // More than nothing was there already.
        expect(gate.passed).toBe(21 * MIB);
        await until(
          async () => (await user.page.locator(".outgoing").count()) === 0,
          "what was said meanwhile to be said",
        );
        expect(await user.page.locator(".said").allInnerTexts()).toEqual(["before", "while it was away"]);
      }),
    60_000,
  );

  browser.test(
    "waits for a login that the server has forgotten, and never goes on without it",
    () =>
      withShare(async ({ share, local, server, relay, chromium }) => {
        const bytes = noise(40 * MIB);
        await Bun.write(local.file("big.bin"), bytes);
        const add = ["user", "add", "ann", "--allow", "read,upload", "--home", "ann", "--state-dir", server.stateDir];
        expect(await run([TINCAN, ...add], { input: "open sesame\n" })).toMatchObject({ code: 0 });
        const user = await chromium.user(relay.port);
        const { page } = user;
        const logIn = async () => {
          await page.getByRole("button", { name: "Log in" }).first().click();
          await page.getByLabel("User").fill("ann");
          await page.getByLabel("Password").fill("open sesame");
          await page.keyboard.press("Enter");
          await page.locator(".own-name", { hasText: "ann" }).waitFor();
        };
        await logIn();
        const gate = new Gate("client", 21 * MIB);
        relay.gate = gate;
        await user.drop(".pane.files", local.file("big.bin"));
        await gate.reached;
        await server.kill();
        relay.lose("server");
        // Another password ends every login.
        const again = ["user", "passwd", "ann", "--state-dir", server.stateDir];
        expect(await run([TINCAN, ...again], { input: "open sesame\n" })).toMatchObject({ code: 0 });
        await server.start();
        relay.to = server.port;
        relay.gate = null;
        await page.locator(".status", { hasText: "You were logged out, ann; log in to go on" }).waitFor();
        await user.upload("big.bin").locator("text=Log in as ann to go on").waitFor();
        await user.picture("logged-out");
        expect(readdirSync(share)).toEqual(["ann"]);
        await logIn();
        await user.upload("big.bin").locator("text=checked").waitFor();
        expect(sha256(readFileSync(join(share, "ann/big.bin")))).toBe(sha256(bytes));
        expect(readdirSync(share)).toEqual(["ann"]);
        await page.locator(".status", { hasText: "logged out" }).waitFor({ state: "hidden" });
        // Dropped once more, it is there already.
        await user.drop(".pane.files", local.file("big.bin"));
        await page.locator(".upload", { hasText: "already there" }).waitFor();
        expect(readdirSync(join(share, "ann"))).toEqual(["big.bin"]);
        // What she gives to others is where it is for them.
        await user.file("big.bin").getByRole("button", { name: "Share big.bin" }).click();
        const link = await page.locator(".way code").first().innerText();
        expect(new URL(link).pathname).toBe("/files/ann/big.bin");
        expect((await fetch(link, { method: "HEAD" })).status).toBe(200);
        // A page that asks for nothing hears of it all the same.
        const gone = ["user", "remove", "ann", "--state-dir", server.stateDir];
        expect(await run([TINCAN, ...gone])).toMatchObject({ code: 0 });
        await page.locator(".status", { hasText: "You were logged out, ann; log in to go on" }).waitFor();
      }),
    60_000,
  );

  browser.test(
    "pauses, and goes on after the page was loaded anew with the same file",
    () =>
      withShare(async ({ share, local, relay, chromium }) => {
        const bytes = noise(40 * MIB);
        await Bun.write(local.file("big.bin"), bytes);
        const user = await chromium.user(relay.port);
        const { page } = user;
        page.on("dialog", (dialog) => dialog.accept());
        const gate = new Gate("client", 21 * MIB);
        relay.gate = gate;
        await user.drop(".pane.files", local.file("big.bin"));
        await gate.reached;
        await user.upload("big.bin").getByRole("button", { name: "Pause" }).click();
        await user.upload("big.bin").locator("text=paused").waitFor();
        relay.gate = null;
        relay.lose("client");
        await page.reload();
        await user.isIn();
        const upload = user.upload("big.bin");
        await upload.locator("text=Choose the same file again").waitFor();
        await upload.locator("text=/[1-9]\\d? % kept/").waitFor();
        await user.picture("upload-lost");
        const uploaded: number[] = [];
        page.on("request", (request) => {
          const [, from] = /^bytes (\d+)-/.exec(request.headers()["content-range"] ?? "") ?? [];
          if (from !== undefined) uploaded.push(Number(from));
        });
        const choose = async (name: string) => {
          const chooser = page.waitForEvent("filechooser");
          await upload.getByRole("button", { name: "Choose file" }).click();
          await (await chooser).setFiles(local.file(name));
        };
        await Bun.write(local.file("private.txt"), "nobody's business");
        await choose("private.txt");
        await upload.getByRole("alert").filter({ hasText: "another file" }).waitFor();
        await choose("big.bin");
        await upload.locator("text=checked").waitFor();
        expect(Math.min(...uploaded)).toBeGreaterThanOrEqual(16 * MIB);
        expect(sha256(readFileSync(join(share, "big.bin")))).toBe(sha256(bytes));
        expect(existsSync(join(share, "private.txt"))).toBe(false);
      }),
    60_000,
  );

  browser.test("asks where a name is taken, and takes a folder with all that is in it", () =>
    withShare(async ({ share, local, relay, chromium }) => {
      await Bun.write(local.file("tree/a/one.txt"), "one");
      await Bun.write(local.file("tree/a/b/two.txt"), "two");
      mkdirSync(local.file("tree/nothing"));
      await Bun.write(local.file("three.txt"), "three");
      await Bun.write(join(share, "three.txt"), "another");
      const user = await chromium.user(relay.port);
      await user.file("three.txt").waitFor();
      await user.drop(".pane.files", local.file("three.txt"), local.file("tree"));
      const upload = user.upload("three.txt");
      await upload.locator("text=There is a file of this name").waitFor();
      await upload.getByRole("button", { name: "Keep both" }).click();
      await user.file("three (2).txt").waitFor();
      expect(readFileSync(join(share, "three.txt"), "utf8")).toBe("another");
      await until(() => existsSync(join(share, "tree/a/b/two.txt")), "the folder's files");
      await user.file("tree").locator(".file-main").click();
      await user.file("nothing").waitFor();
      await user.file("a").locator(".file-main").click();
      await user.file("one.txt").waitFor();
      await user.page.goBack();
      await user.file("a").waitFor();
      expect(chromium.complaints.filter((text) => !text.includes("409"))).toEqual([]);
    }),
  );

  browser.test("says so when the thread that hashes cannot be had any more, and goes on when it can", () =>
    withShare(async ({ local, relay, chromium }) => {
      await Bun.write(local.file("a.txt"), "a");
      const user = await chromium.user(relay.port);
      const script = /assets\/hash-worker/;
      await user.page.route(script, (route) => route.fulfill({ status: 404, body: "" }));
      await user.drop(".pane.files", local.file("a.txt"));
      const upload = user.upload("a.txt");
      await upload.locator("text=The page cannot check files any more").waitFor();
      await user.page.unroute(script);
      await upload.getByRole("button", { name: "Resume" }).click();
      await upload.locator("text=checked").waitFor();
    }),
  );

  browser.test("goes on by itself when the thread that hashes could not be had without the network", () =>
    withShare(async ({ local, relay, chromium }) => {
      await Bun.write(local.file("a.txt"), "a");
      const user = await chromium.user(relay.port);
      const script = /assets\/hash-worker/;
      await user.page.route(script, (route) => route.abort());
      await user.drop(".pane.files", local.file("a.txt"));
      const upload = user.upload("a.txt");
      await upload.locator("text=trying again").waitFor();
      await user.page.unroute(script);
      await upload.locator("text=checked").waitFor();
    }),
  );

  browser.test("takes what is pasted", () =>
    withShare(async ({ relay, chromium }) => {
      const user = await chromium.user(relay.port);
      // Nothing else puts a file into a browser's clipboard.
      await user.page.evaluate(`(() => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(["pixels"], "image.png", { type: "image/png", lastModified: 0 }));
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      })()`);
      await user.file("image 1970-01-01 00.00.00.png").waitFor();
    }),
  );

  browser.test("leaves a picture that is dropped its name", () =>
    withShare(async ({ local, relay, chromium }) => {
      await Bun.write(local.file("image.png"), "pixels");
      const user = await chromium.user(relay.port);
      await user.drop(".pane.files", local.file("image.png"));
      await user.upload("image.png").locator("text=checked").waitFor();
    }),
  );

  browser.test("leaves a text to the field, also where it comes with a picture of itself", () =>
    withShare(async ({ share, relay, chromium }) => {
      const user = await chromium.user(relay.port);
      // As office programs do it.
      const isLeft = await user.page.evaluate(`(() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", "12\t34");
        clipboardData.items.add(new File(["pixels"], "image.png", { type: "image/png" }));
        const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        return document.querySelector("textarea").dispatchEvent(paste);
      })()`);
      expect(isLeft).toBe(true);
      const { x = 0, y = 0, width = 0, height = 0 } = (await user.field.boundingBox()) ?? {};
      const devtools = await user.context.newCDPSession(user.page);
      const data = { items: [{ mimeType: "text/plain", data: "dragged words" }], dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"] as const) {
        await devtools.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
      }
      await until(async () => (await user.field.inputValue()) === "dragged words", "the words in the field");
      expect(readdirSync(share)).toEqual([]);
    }),
  );

  browser.test("tells the room of many files once, when they are all there", () =>
    withShare(async ({ share, local, relay, chromium }) => {
      const names = Array.from({ length: 7 }, (_, at) => `${at}.txt`);
      for (const name of names) await Bun.write(local.file(name), name);
      const user = await chromium.user(relay.port);
      await user.drop(".pane.talk", ...names.map((name) => local.file(name)));
      await user.hears("7 files: ");
      for (const name of names) expect(existsSync(join(share, name))).toBe(true);
      expect(await user.page.locator(".said").count()).toBe(1);
    }),
  );
});
