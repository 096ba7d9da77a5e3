import { Footer } from "../../console/footer.ts";
import { showTransfers } from "../../console/transfer-bars.ts";
import type { Config, Daemon } from "../../daemon.ts";
import { isTerminal, terminalSize } from "../../libc.ts";

const STDERR = 2;
const USUAL_COLUMNS = 80;

/** Where the log goes when bars can stand below it: stderr is a terminal that can show them, and the log is text. */
export function openFooter({ logFormat }: Pick<Config, "logFormat">): Footer | null {
  const able = isTerminal(STDERR) && logFormat !== "json" && process.env["TERM"] !== "dumb";
  return able ? new Footer(Bun.stderr.writer(), () => terminalSize(STDERR)?.columns ?? USUAL_COLUMNS) : null;
}

/** Shows the daemon's transfers below its log for as long as it runs, in green unless `NO_COLOR` is set (no-color.org). */
export function showBars(footer: Footer, { transfers, runtime }: Daemon): void {
  const colour = (process.env["NO_COLOR"] ?? "") === "";
  showTransfers({ transfers, footer, clock: runtime.clock, colour, size: () => terminalSize(STDERR) });
  process.on("exit", () => footer.clearNow(STDERR));
}
