import { mkdirSync, type Stats, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { locally } from "../files/trouble.ts";
import { toStdout } from "../stdout.ts";
import { FetchFailure } from "./failure.ts";
import { FileSink } from "./file-sink.ts";
import { distinct, fileName } from "./name.ts";
import type { Sink } from "./sink.ts";
import { decodePercent, type Source } from "./source.ts";
import { StreamSink } from "./stream-sink.ts";

/** Where one URL's bytes go. */
export interface Target {
  /** Null for stdout and devices, and where there is no name. */
  readonly path: string | null;
  /** It shares its place with others: one after the other. */
  readonly serial: boolean;
  readonly sink: Sink;
}

/**
 * Where the bytes of each URL go: to a file named after it in this folder or in the folder `output`, which is made if it ends
 * with a slash; to the file or device `output`; to stdout for `-`.
 * @throws CommandError (usage) for several URLs and one file
 */
export function targets(sources: readonly Source[], output: string | undefined, force: boolean): readonly Target[] {
  if (output === "-") return sources.map(() => ({ path: null, serial: true, sink: new StreamSink(toStdout) }));
  const there = output === undefined ? null : look(output);
  if (output !== undefined && there && isStream(there)) {
    return sources.map(() => ({ path: null, serial: true, sink: new StreamSink((chunk) => toDevice(output, chunk)) }));
  }
  if (output?.endsWith("/")) make(output);
  if (output === undefined || output.endsWith("/") || there?.isDirectory() === true) {
    const names = distinct(sources.map(fileName));
    return sources.map((source, at) => {
      const name = names[at];
      return name ? toFile(join(output ?? "", name), source.url, force) : nowhere(source);
    });
  }
  if (sources.length > 1) {
    throw new CommandError(Exit.usage, `${quote(output)} is no folder; write ${quote(`${output}/`)} to have it made`);
  }
  return sources.map(({ url }) => toFile(output, url, force));
}

function toFile(path: string, url: URL, force: boolean): Target {
  return { path, serial: false, sink: new FileSink(path, url.href, force) };
}

function nowhere({ url }: Source): Target {
  const last = quote(decodePercent(url.pathname.slice(url.pathname.lastIndexOf("/") + 1)));
  const refuse = () => {
    throw new FetchFailure(`${last} cannot be a file name; name the file with -o`);
  };
  const nothing = { check: refuse, open: refuse, restart: refuse, write: refuse, commit: refuse, leave: () => false };
  return { path: null, serial: false, sink: { received: 0, facts: null, ...nothing } };
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // Each file tells why it cannot be written there.
  }
}

/** What is at a path; null when nothing can be. */
function look(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function isStream(there: Stats): boolean {
  return there.isCharacterDevice() || there.isFIFO();
}

async function toDevice(path: string, chunk: Uint8Array): Promise<void> {
  await locally(path, async () => {
    await using file = await open(path, "a");
    await file.writeFile(chunk);
  });
}
