import type { Log } from "../../log.ts";

/** Who has run for so long has opened something: what becomes of a browser afterwards is not ours. */
const OPEN_MS = 10_000;
/** Programs that know which browser somebody likes: of desktops on Linux, of Debian, of macOS. */
const OPENERS = ["xdg-open", "sensible-browser", "open"] as const;

/**
 * Opens an address in the browser of whoever sits at this machine: that of `BROWSER` (commands with `:` between them, `%s`
 * stands for the address), else the desktop's. In a session of its own, so that neither Ctrl-C nor the terminal's end
 * reaches the browser, and it reads nothing that is typed. What goes wrong is told in the log and is nobody's end.
 */
export async function openBrowser(url: string, log: Log, env = process.env): Promise<void> {
  let why = "there is no xdg-open, and BROWSER is not set";
  for (const command of commandsFor(url, env["BROWSER"] ?? "")) {
    const failure = await start(command);
    if (failure === null) return;
    why = failure;
  }
  log.warn("browser-not-opened", { url, why, instead: "open the address by hand" });
}

function commandsFor(url: string, browser: string): readonly (readonly string[])[] {
  const own = browser.split(":").filter((command) => command.trim() !== "");
  const given = own.map((command) => {
    const words = command.trim().split(/\s+/);
    const filled = words.map((word) => word.replaceAll("%s", url));
    return command.includes("%s") ? filled : [...words, url];
  });
  return given.length > 0 ? given : OPENERS.flatMap((name) => (Bun.which(name) === null ? [] : [[name, url]]));
}

/** Null when it is open, as far as one can tell; else why not. */
async function start(command: readonly string[]): Promise<string | null> {
  const [name = ""] = command;
  try {
    const child = Bun.spawn([...command], { stdio: ["ignore", "ignore", "ignore"], detached: true });
    child.unref();
    const code = await Promise.race([child.exited, Bun.sleep(OPEN_MS).then(() => 0)]);
    return code === 0 ? null : `${name} ended with ${code}`;
  } catch {
    return `there is no ${name}`;
  }
}
