import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BrowserContext,
  type BrowserContextOptions,
  type Browser as Chromium,
  chromium,
  type Page,
} from "playwright-core";
import { client } from "./clients.ts";

export const browser = client("chromium");

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the pictures are kept that a test takes, to be looked at. */
const PICTURES = resolve(import.meta.dir, "../../test-output/page");

/** Where the page is opened. */
interface Where {
  readonly host?: string;
  readonly path?: string;
}

/** A real Chromium. Every user in it is a profile of its own. */
export class Browser implements AsyncDisposable {
  /** What went wrong in a page without a test noticing: errors, refusals of the policy, requests to elsewhere. */
  readonly complaints: string[] = [];

  private constructor(private readonly chromium: Chromium) {}

  static async launch(): Promise<Browser> {
    return new Browser(await chromium.launch({ executablePath: browser.path, args: FLAGS }));
  }

  /** Somebody who opens the page and is in. */
  async user(port: number, o: BrowserContextOptions & Where = {}): Promise<BrowserUser> {
    const { host = "127.0.0.1", path = "/", ...look } = o;
    const context = await this.chromium.newContext({
      locale: "en-US",
      viewport: { width: 1280, height: 800 },
      ...look,
    });
    const page = await context.newPage();
    const origin = `http://${host}:${port}`;
    page.setDefaultTimeout(15_000);
    page.on("pageerror", ({ message }) => this.complaints.push(message));
    page.on("console", (message) => {
      // That a server is away is told there too.
      if (message.type() === "error" && !/net::ERR_|WebSocket/.test(message.text()))
        this.complaints.push(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) this.complaints.push(`request to ${url}`);
    });
    await page.goto(origin + path);
    const user = new BrowserUser(context, page);
    await user.isIn();
    return user;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chromium.close();
  }
}

/** Somebody with a page open. */
export class BrowserUser {
  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  get field() {
    return this.page.locator("textarea");
  }

  /** Until the chat has let them in. */
  async isIn(): Promise<void> {
    await this.page.locator(".own-name").waitFor({ state: "attached" });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** Until this is said in the room that is shown, and not only on its way. */
  async hears(text: string, ms?: number): Promise<void> {
    const line = this.page.locator(".said:not(.pending), .other", { hasText: text }).first();
    await line.waitFor(ms === undefined ? {} : { timeout: ms });
  }

  /** A row of the list of files. */
  file(name: string) {
    return this.page.locator(".file", { has: this.page.locator(`.file-name:text-is(${JSON.stringify(name)})`) });
  }

  upload(name: string) {
    return this.page.locator(".upload", { has: this.page.locator(`.upload-name:text-is(${JSON.stringify(name)})`) });
  }

  /** Drags files and folders of this machine onto a part of the page, as a file manager does. */
  async drop(target: string, ...files: readonly string[]): Promise<void> {
    const box = await this.page.locator(target).boundingBox();
    if (box === null) throw new Error(`${target} is not in view`);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const devtools = await this.context.newCDPSession(this.page);
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await devtools.send("Input.dispatchDragEvent", {
        type,
        ...at,
        data: { items: [], files: [...files], dragOperationsMask: 1 },
      });
    }
    await devtools.detach();
  }

  /** Keeps what the page looks like. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}
