import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { DatagramHandler, Handler } from "../../net/peer.ts";
import { describeLoadError } from "./fault.ts";

/** What a user's file exports; at least one of them. */
export interface Handlers {
  readonly peer: Handler | null;
  readonly datagram: DatagramHandler | null;
}

/**
 * Loads a user's file. Throws {@link CommandError}: 64 when there is no such file, 78 when it cannot be compiled, fails
 * while it is loaded or exports nothing to serve.
 */
export async function loadHandlers(name: string): Promise<Handlers & { readonly file: string }> {
  const file = resolve(name);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    const what = stats === undefined ? `there is no file ${quote(name)}` : `${quote(name)} is not a file`;
    throw new CommandError(Exit.usage, stats?.isDirectory() ? `${quote(name)} is a folder; name the file in it` : what);
  }
  const { default: peer, datagram } = await importFile(file);
  if (peer === undefined && datagram === undefined) {
    throw new CommandError(
      Exit.config,
      `${quote(name)} has nothing to serve; give it "export default async (peer) => { … }" or export a function "datagram"`,
    );
  }
  return {
    file,
    peer: asFunction(name, "the default export", peer),
    datagram: asFunction(name, '"datagram"', datagram),
  };
}

async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw new CommandError(Exit.config, describeLoadError(error, file));
  }
}

function asFunction<F extends Handler | DatagramHandler>(name: string, what: string, value: unknown): F | null {
  if (value === undefined) return null;
  if (typeof value !== "function") throw new CommandError(Exit.config, `${what} of ${quote(name)} is not a function`);
  return value as F;
}
