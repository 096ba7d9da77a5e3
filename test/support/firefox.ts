import { writeFileSync } from "node:fs";
import { client } from "./clients.ts";
import { until, within } from "./deadline.ts";
import { Program } from "./program.ts";
import { TempFolder } from "./temp.ts";

export const firefox = client("firefox");

/** Nothing of its own over the network, and downloads without a question. */
const SETTINGS = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.download.alwaysOpenPanel": false,
  "browser.download.folderList": 2,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.server": "",
};

/** The keys of WebDriver that are no letters. */
const KEYS: Readonly<Record<string, string>> = { Enter: "\ue007", Escape: "\ue00c" };
/**
 * For whatever it does. It takes a session within two seconds on a machine that does nothing else, and beside other
 * browsers it took more than fifteen.
 */
const PATIENCE_MS = 60_000;

/** What a page is told by the policy it has broken it tells its console, which is listened to. */
const TELL_REFUSALS = `() => addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  console.error("refused by " + violatedDirective + ": " + blockedURI);
})`;

/** That a server is away is told to the console, too. */
const SERVER_AWAY = /establish a connection|was interrupted while the page was loading/;

interface Told {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Heard extends Partial<Told> {
  readonly id?: number;
  readonly type: "success" | "error" | "event";
  readonly result?: unknown;
  readonly message?: string;
}

/** A real Firefox with one page in it, driven by WebDriver BiDi (w3.org/TR/webdriver-bidi), which it speaks by itself. */
export class Firefox implements AsyncDisposable {
  /** What went wrong in the page without a test noticing: errors, and refusals of the policy. */
  readonly complaints: string[] = [];
  private readonly told: Told[] = [];
  private readonly asked = new Map<number, PromiseWithResolvers<unknown>>();
  private context = "";

  private constructor(
    private readonly folder: TempFolder,
    private readonly program: Program,
    private readonly socket: WebSocket,
  ) {
    socket.onmessage = ({ data }) => this.heard(JSON.parse(String(data)) as Heard);
  }

  static async launch(): Promise<Firefox> {
    const folder = new TempFolder();
    const settings = { ...SETTINGS, "browser.download.dir": folder.path };
    const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    writeFileSync(folder.file("user.js"), lines.join("\n"));
    const flags = ["--headless", "--no-remote", "--profile", folder.path, "--remote-debugging-port", "0"];
    const program = new Program([firefox.path, ...flags], {
      env: { HOME: folder.path, MOZ_CRASHREPORTER_DISABLE: "1" },
    });
    try {
      const line = await program.stderr.readLineWith(/WebDriver BiDi listening on/, PATIENCE_MS);
      const socket = new WebSocket(`${line.slice(line.indexOf("ws://")).trim()}/session`);
      const started = new Firefox(folder, program, socket);
      await within(new Promise((resolve) => socket.addEventListener("open", resolve)), "Firefox to take a WebSocket");
      await started.begin();
      return started;
    } catch (cause) {
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
      throw new Error("Firefox did not start", { cause });
    }
  }

  async open(url: string): Promise<void> {
    await this.ask("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const target = { context: this.context };
    const asked = { expression: `JSON.stringify(${expression}) ?? "null"`, target, awaitPromise: true };
    const { result } = (await this.ask("script.evaluate", asked)) as { result?: { value: string } };
    if (result === undefined) throw new Error(`Firefox cannot evaluate ${expression}`);
    return JSON.parse(result.value);
  }

  /** Until an element that is shown has this text, or label. */
  async sees(selector: string, text = ""): Promise<void> {
    await until(
      async () => (await this.evaluate(`${find(selector, text)} !== undefined`)) === true,
      `${selector} with ${JSON.stringify(text)} in Firefox`,
      PATIENCE_MS,
    );
  }

  /** Until no such element is shown. */
  async misses(selector: string): Promise<void> {
    const isGone = `${find(selector, "")} === undefined`;
    await until(async () => (await this.evaluate(isGone)) === true, `no ${selector} in Firefox`, PATIENCE_MS);
  }

  /** Until the focus is where the keyboard is expected. Nothing is `:focus` in a window that is on no screen. */
  async isAt(label: string): Promise<void> {
    const isThere = `document.activeElement?.ariaLabel === ${JSON.stringify(label)}`;
    await until(async () => (await this.evaluate(isThere)) === true, `the focus on ${label} in Firefox`, PATIENCE_MS);
  }

  async click(selector: string, text = ""): Promise<void> {
    await this.sees(selector, text);
    const box = `(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))`;
    const middle = await this.evaluate(`${box}(${find(selector, text)}.getBoundingClientRect())`);
    const { x, y } = middle as { x: number; y: number };
    const actions = [
      { type: "pointerMove", x: Math.round(x), y: Math.round(y) },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.act({ type: "pointer", id: "mouse", actions });
  }

  /** Presses keys: letters, and names of keys such as `Enter`. */
  async type(...texts: readonly string[]): Promise<void> {
    const keys = texts.flatMap((text) => KEYS[text] ?? [...text]);
    const actions = keys.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await this.act({ type: "key", id: "keyboard", actions });
  }

  /** Chooses files where the page asks for some. */
  async choose(...files: readonly string[]): Promise<void> {
    const { params } = await this.event("input.fileDialogOpened");
    await this.ask("input.setFiles", { context: this.context, element: params["element"], files });
  }

  /** Where the file lies that was downloaded last. */
  async downloaded(): Promise<string> {
    const { params } = await this.event("browsingContext.downloadEnd");
    return String(params["filepath"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Killed, it leaves children that still write into the folder which is removed.
    await this.ask("browser.close", {}).catch(() => {});
    await this.program.exited(PATIENCE_MS).catch(() => {});
    this.socket.close();
    await this.program[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }

  private async begin(): Promise<void> {
    const capabilities = { alwaysMatch: { unhandledPromptBehavior: { file: "ignore" } } };
    await this.ask("session.new", { capabilities });
    const events = ["log.entryAdded", "input.fileDialogOpened", "browsingContext.downloadEnd"];
    await this.ask("session.subscribe", { events });
    await this.ask("script.addPreloadScript", { functionDeclaration: TELL_REFUSALS });
    const tree = (await this.ask("browsingContext.getTree", {})) as { contexts: [{ context: string }] };
    this.context = tree.contexts[0].context;
    const viewport = { width: 1280, height: 800 };
    await this.ask("browsingContext.setViewport", { context: this.context, viewport });
  }

  private async act(source: object): Promise<void> {
    await this.ask("input.performActions", { context: this.context, actions: [source] });
  }

  private ask(method: string, params: object): Promise<unknown> {
    const id = this.asked.size + 1;
    const answer = Promise.withResolvers<unknown>();
    this.asked.set(id, answer);
    this.socket.send(JSON.stringify({ id, method, params }));
    return within(answer.promise, `Firefox to answer ${method}`, PATIENCE_MS);
  }

  /** The first event of a kind that nobody has taken yet. */
  private async event(method: string): Promise<Told> {
    const find = () => this.told.findIndex((told) => told.method === method);
    await until(() => find() >= 0, `${method} of Firefox`, PATIENCE_MS);
    return this.told.splice(find(), 1)[0] as Told;
  }

  private heard({ id, type, result, method, params, message }: Heard): void {
    const asked = this.asked.get(id ?? 0);
    if (type === "success") asked?.resolve(result);
    else if (type === "error") asked?.reject(new Error(message));
    else if (method === "log.entryAdded") this.complained(params ?? {});
    else if (method !== undefined && params !== undefined) this.told.push({ method, params });
  }

  private complained({ level, text }: Readonly<Record<string, unknown>>): void {
    if (level === "error" && !SERVER_AWAY.test(String(text))) this.complaints.push(String(text));
  }
}

/** The first element that is shown and has this text, or label. */
function find(selector: string, text: string): string {
  const has = `(e) => e.checkVisibility() && (e.textContent + e.ariaLabel).includes(${JSON.stringify(text)})`;
  return `[...document.querySelectorAll(${JSON.stringify(selector)})].find(${has})`;
}
