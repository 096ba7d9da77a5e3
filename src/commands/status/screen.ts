import { cutEnd } from "../../bytes/width.ts";
import type { Room } from "./room.ts";

/** Another screen for as long as it is watched (xterm's private modes 1049 and 25), so that what was there comes back. */
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_RIGHT = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** Keys that end it: q, Q, Ctrl-C, Ctrl-D, Esc alone. */
const ENDING: readonly string[] = ["q", "Q", "\x03", "\x04", "\x1b"];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A text for a terminal of some size. */
type Fitted = (room: Room) => string;

/**
 * Shows a text over the whole terminal, and anew every `everyMs` and when the terminal's size changes, until q or Ctrl-C.
 * However it ends, the terminal is left as it was. Rejects when `look` does.
 */
export async function watchOnTerminal(look: () => Promise<Fitted>, everyMs: number): Promise<void> {
  const { stdin, stdout } = process;
  const end = Promise.withResolvers<void>();
  const ended = end.promise.then(() => true);
  const finish = () => end.resolve();
  const hear = (keys: Buffer) => ENDING.includes(keys.toString()) && finish();
  const restore = () => stdout.write(LEAVE);
  let text: Fitted = () => "";
  const draw = () => stdout.write(frame(text, stdout.columns, stdout.rows));

  stdout.write(ENTER);
  process.on("exit", restore);
  for (const signal of SIGNALS) process.on(signal, finish);
  stdout.on("resize", draw);
  stdout.on("error", finish);
  if (stdin.isTTY) stdin.setRawMode(true).on("data", hear).resume();
  try {
    for (let left = false; !left; left = await Promise.race([ended, Bun.sleep(everyMs).then(() => false)])) {
      text = await Promise.race([look(), ended.then(() => text)]);
      draw();
    }
  } finally {
    process.off("exit", restore);
    for (const signal of SIGNALS) process.off(signal, finish);
    stdout.off("resize", draw);
    if (stdin.isTTY) stdin.setRawMode(false).off("data", hear).pause();
    restore();
  }
}

/** As much of a text as a terminal shows, drawn over what was there; the last row says how to leave. */
function frame(text: Fitted, columns: number, rows: number): string {
  const hint = "q leaves";
  const lines = text({ columns, rows: rows - 1 }).split("\n");
  const shown = lines.length < rows ? [...lines, ""] : lines.slice(0, Math.max(0, rows - 1));
  const cut = [...shown.slice(0, rows - 1), hint].map((line) => cutEnd(line, columns) + CLEAR_RIGHT);
  return `${HOME}${cut.join("\r\n")}${CLEAR_BELOW}`;
}
