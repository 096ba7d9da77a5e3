import { formatRate } from "../bytes/amounts.ts";
import type { Clock } from "../clock.ts";
import type { Transfers } from "../files/transfers.ts";
import type { Footer } from "./footer.ts";
import { transferRow } from "./transfer-row.ts";

const EVERY_MS = 250;
const MOST_ROWS = 8;
const GREEN = (text: string) => `\x1b[32m${text}\x1b[39m`;
const plain = (text: string) => text;

export interface BarsOptions {
  readonly transfers: Transfers;
  readonly footer: Footer;
  readonly clock: Clock;
  readonly colour: boolean;
  /** Asked at every drawing, because terminals change their size. */
  size(): { readonly rows: number; readonly columns: number } | null;
}

/**
 * Shows the transfers that run as bars below the log, oldest first. While none runs, there is no timer. A transfer that
 * ends within a quarter of a second is not shown.
 */
export function showTransfers(o: BarsOptions): void {
  const { transfers, footer, clock } = o;
  let running = false;
  const draw = () => {
    footer.show(rowsOf(o));
    running = transfers.count > 0;
    if (running) clock.after(EVERY_MS, draw);
  };
  transfers.onBegin(() => {
    if (running) return;
    running = true;
    clock.after(EVERY_MS, draw);
  });
}

function rowsOf({ transfers, size, colour }: BarsOptions): readonly string[] {
  const terminal = size();
  if (terminal === null || transfers.count === 0) return [];
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(terminal.rows / 2)));
  const running = [...transfers.running];
  const shown = running.length > most ? running.slice(0, most - 1) : running;
  const rows = shown.map((transfer) => transferRow(transfer, terminal.columns, colour ? GREEN : plain));
  const hidden = running.slice(shown.length);
  if (hidden.length === 0) return rows;
  const rate = hidden.reduce((sum, transfer) => sum + transfer.rate, 0);
  return [...rows, `and ${hidden.length} more, ${formatRate(rate)}`];
}
