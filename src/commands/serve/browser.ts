import { basename } from "node:path";
import type { Log } from "../../log.ts";

/** Who has run for so long has opened something: what becomes of a browser afterwards is not ours. */
const OPEN_MS = 10_000;
/** Programs that know which browser somebody likes: of desktops on Linux, of Debian, of macOS. */
const OPENERS = ["xdg-open", "sensible-browser", "open"] as const;
const NO_DESKTOP = "there is no desktop here (DISPLAY is not set), and BROWSER is not set either";
/** Browsers that need a terminal. The server's own is taken by its log; without one they end at once, and most with 0. */
const TEXT_BROWSERS: ReadonlySet<string> = new Set([
  "w3m",
  "lynx",
  "links",
  "links2",
  "elinks",
  "www-browser",
  "browsh",
]);

/**
 * Opens an address in the browser of whoever sits at this machine: that of `BROWSER` (commands with `:` between them, `%s`
 * stands for the address), else the desktop's. In a session of its own, so that neither Ctrl-C nor the terminal's end
 * reaches the browser, and it reads nothing that is typed. What goes wrong is told in the log and is nobody's end.
 */
export async function openBrowser(url: string, log: Log, env = process.env): Promise<void> {
  const own = ownCommands(url, env["BROWSER"] ?? "");
  let why = "there is no xdg-open, and BROWSER is not set";
  for (const command of own.length > 0 ? own : openers(url)) {
    const failure = own.length === 0 && !hasDesktop(env) ? NO_DESKTOP : await start(command);
    if (failure === null) return;
    why = failure;
  }
  log.warn("browser-not-opened", { url, why, instead: "open the address by hand" });
}

function ownCommands(url: string, browser: string): readonly (readonly string[])[] {
  const own = browser.split(":").filter((command) => command.trim() !== "");
  return own.map((command) => {
    const words = command.trim().split(/\s+/);
    const filled = words.map((word) => word.replaceAll("%s", url));
    return command.includes("%s") ? filled : [...words, url];
  });
}

function openers(url: string): readonly (readonly string[])[] {
  return OPENERS.flatMap((name) => (Bun.which(name) === null ? [] : [[name, url]]));
}

/** Without one, xdg-open and sensible-browser start a browser for terminals and end with 0 (measured on Debian 12). */
function hasDesktop(env: NodeJS.ProcessEnv): boolean {
  return process.platform !== "linux" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
}

/** Null when it is open, as far as one can tell; else why not. */
async function start(command: readonly string[]): Promise<string | null> {
  const [name = ""] = command;
  if (TEXT_BROWSERS.has(basename(name))) return `${name} needs a terminal of its own`;
  try {
    const child = Bun.spawn([...command], { stdio: ["ignore", "ignore", "ignore"], detached: true });
    child.unref();
    const code = await Promise.race([child.exited, Bun.sleep(OPEN_MS).then(() => 0)]);
    return code === 0 ? null : `${name} ended with ${code}`;
  } catch {
    return `there is no ${name}`;
  }
}
