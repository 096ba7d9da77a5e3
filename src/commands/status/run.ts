import { safeJson } from "../../client/json-text.ts";
import { ControlClient } from "../../control/client.ts";
import type { Status } from "../../control/status.ts";
import { daemonError } from "../operator/daemon-error.ts";
import { report } from "./report.ts";
import { ENDLESS } from "./room.ts";
import { watchOnTerminal } from "./screen.ts";

const EVERY_MS = 1_000;

export interface StatusSettings {
  readonly json: boolean;
  readonly watch: boolean;
  readonly folder: string;
}

/** Prints what a daemon is doing, once or again every second. @throws CommandError when there is no daemon (69) */
export async function status({ json, watch, folder }: StatusSettings): Promise<void> {
  try {
    using client = await ControlClient.open(folder);
    const look = async () => (await client.ask("status")) as unknown as Status & { readonly ok: true };
    if (watch && !json && process.stdout.isTTY && process.env["TERM"] !== "dumb")
      await watchOnTerminal(async () => {
        const status = await look();
        return (room) => report(status, room);
      }, EVERY_MS);
    else await print(look, json ? asJson : asText, watch);
  } catch (error) {
    throw daemonError(error, folder);
  }
}

async function print<S>(look: () => Promise<S>, words: (status: S) => string, again: boolean): Promise<void> {
  let gone = false;
  // Whoever read the output has gone.
  process.stdout.once("error", () => {
    gone = true;
  });
  for (let first = true; !gone && (first || again); first = false) {
    if (!first) await Bun.sleep(EVERY_MS);
    const text = words(await look());
    process.stdout.write(first || words === asJson ? `${text}\n` : `\n${text}\n`);
  }
}

/** As wide as the terminal, and as long as it gets. */
function asText(status: Status): string {
  const { columns = 0 } = process.stdout;
  return report(status, columns > 0 ? { ...ENDLESS, columns } : ENDLESS);
}

function asJson({ ok: _, ...fields }: Status & { readonly ok: true }): string {
  return safeJson(JSON.stringify(fields));
}
